"""A live platform for the tests of this folder, on the back ends that the environment names."""

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from examples.sources.__main__ import make
from scripts.client import Client
from scripts.live import Platform, running_platform

HERE = Path(__file__).parent
HANGING_AFTER_S = 1200
"""A platform starts in seconds, and on a busy machine in minutes."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(HANGING_AFTER_S))
            if item.get_closest_marker("once") is None:
                item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def live_settings() -> Iterator[dict[str, str]]:
    """Settings that point the shared platform at a database and a broker of its own."""
    with own_services(first_redis_database=8) as settings:
        yield settings


@pytest.fixture
def own_settings() -> Iterator[dict[str, str]]:
    """The same for a second platform, which must not take the shared one's jobs."""
    with own_services(first_redis_database=10) as settings:
        yield settings


@contextmanager
def own_services(first_redis_database: int) -> Iterator[dict[str, str]]:
    """A fresh database and two empty Redis databases on the servers that the environment names, if it names any."""
    with ExitStack() as stack:
        settings = {}
        if server := os.environ.get("DATABASE_URL"):
            settings["DATABASE_URL"] = stack.enter_context(_fresh_database(server))
        for number, name in enumerate(("REDIS_URL", "CELERY_BROKER_URL"), first_redis_database):
            if server := os.environ.get(name):
                settings[name] = _emptied_redis(server, number)
        yield settings


@contextmanager
def _fresh_database(server: str) -> Iterator[str]:
    name = f"live_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield _with_path(server, name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _emptied_redis(server: str, number: int) -> str:
    url = _with_path(server, number)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


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


def _with_path(url: str, path: str | int) -> str:
    return urlsplit(url)._replace(path=f"/{path}").geturl()
