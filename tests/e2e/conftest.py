"""A live platform for the tests of this folder, on the back ends that the environment names."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from examples.sources.__main__ import make
from scripts.client import Client
from scripts.live import Platform, running_platform

HERE = Path(__file__).parent
LIVE_REDIS_DATABASES = {"REDIS_URL": 8, "CELERY_BROKER_URL": 9}
"""Others than the tests in process use: a worker of the live platform must not take their messages."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def live_settings() -> Iterator[dict[str, str]]:
    """Settings that point a live platform at a database and a broker of its own."""
    settings = {name: _with_path(os.environ[name], number) for name, number in _used_redis().items()}
    for url in settings.values():
        with redis.Redis.from_url(url) as client:
            client.flushdb()
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield settings
        return
    name = f"live_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {**settings, "DATABASE_URL": _with_path(server, name)}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def platform(live_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """Web, workers and clock as real processes."""
    with running_platform(tmp_path_factory.mktemp("platform"), live_settings) as running:
        yield running


@pytest.fixture(scope="session")
def flash_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four dark, silent seconds with one flash and one beep at second 2."""
    return make("flash.mp4", tmp_path_factory.mktemp("sources"))


@pytest.fixture(scope="session")
def alice(platform: Platform) -> Iterator[Client]:
    with Client(platform.url, platform.create_workspace("Alice's films", "alice@example.com")) as client:
        yield client


@pytest.fixture(scope="session")
def flash_url(alice: Client, flash_clip: Path) -> str:
    """The clip in Alice's workspace."""
    return alice.upload(flash_clip)


def _used_redis() -> dict[str, int]:
    return {name: number for name, number in LIVE_REDIS_DATABASES.items() if os.environ.get(name)}


def _with_path(url: str, path: str | int) -> str:
    return urlsplit(url)._replace(path=f"/{path}").geturl()
