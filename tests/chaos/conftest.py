"""A cluster on the test's own database and on a broker that nobody else uses."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery import current_app
from django.conf import settings
from django.db import connection

from tests.chaos.cluster import Cluster
from tests.people import Person, make_person

HERE = Path(__file__).parent
REDIS_DATABASE = 10
HANGING_AFTER_S = 1200
IMPATIENT = {"LEASE_S": 8, "HEARTBEAT_S": 1, "SWEEP_S": 1}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.timeout(HANGING_AFTER_S))


@pytest.fixture
def cluster(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """No processes yet; what is started is killed at the end. This process's own messages get lost on their way."""
    for name, seconds in IMPATIENT.items():
        monkeypatch.setattr(settings, f"FRAMELANE_JOB_{name}", seconds)
    monkeypatch.setattr(settings, "STORAGE_URL", (tmp_path / "store").as_uri())
    monkeypatch.setattr(current_app, "send_task", lambda *args, **options: None)
    started = Cluster(tmp_path, _environment(tmp_path))
    yield started
    started.stop()


@pytest.fixture
def alice(cluster: Cluster) -> Person:
    return make_person("Alice")


def _environment(home: Path) -> dict[str, str]:
    broker_url = os.environ.get("CELERY_BROKER_URL", "")
    if broker_url:
        broker_url = urlsplit(broker_url)._replace(path=f"/{REDIS_DATABASE}").geturl()
        with redis.Redis.from_url(broker_url) as client:
            client.flushdb()
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "DJANGO_SETTINGS_MODULE": "framelane.settings",
        "FRAMELANE_HOME": str(home),
        "FRAMELANE_SECRET_KEY": settings.SECRET_KEY,
        "STORAGE_URL": (home / "store").as_uri(),
        "DATABASE_URL": _database_url(),
        "CELERY_BROKER_URL": broker_url,
        "FRAMELANE_EVENT_RELAY_S": "1",
        "FRAMELANE_WEBHOOK_SWEEP_S": "1",
        **{f"FRAMELANE_JOB_{name}": str(seconds) for name, seconds in IMPATIENT.items()},
    }


def _database_url() -> str:
    """The address of the database that this test writes to."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
