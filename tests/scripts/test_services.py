"""Private services start on free ports, hold what is written, and are gone afterwards."""

from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from scripts import services
from scripts.processes import is_listening

pytestmark = pytest.mark.slow


def test_both_services_answer_and_are_gone_afterwards() -> None:
    with services.stack_services() as settings:
        with psycopg.connect(settings["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT 40 + 2").fetchone() == (42,)
        with redis.Redis.from_url(settings["REDIS_URL"]) as client:
            assert client.set("alice", "1")
            assert client.get("alice") == b"1"
        ports = [urlsplit(settings[name]).port or 0 for name in ("DATABASE_URL", "REDIS_URL")]
    assert not any(is_listening("127.0.0.1", port) for port in ports)


def test_a_failure_inside_the_block_stops_them_too(tmp_path: Path) -> None:
    seen: list[int] = []

    def fail_inside() -> None:
        with services.redis(tmp_path / "redis") as port:
            seen.append(port)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_inside()
    assert not is_listening("127.0.0.1", seen[0])


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with (
        pytest.raises(services.ServiceError, match="redis-server is not installed"),
        services.redis(tmp_path / "redis"),
    ):
        pass
