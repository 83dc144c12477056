"""The receivers of the webhooks guide run, take what the platform signs, and refuse everything else."""

import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from apps.webhooks.signatures import new_secret, signature_headers
from scripts.processes import ROOT, Child, free_port, spawn, stop
from scripts.sdks import PYTHON, TYPESCRIPT_SDK

PROGRAMS = ROOT / "examples" / "webhooks"
GUIDE = ROOT / "docs" / "guides" / "webhooks.md"
NODE = Path(sys.executable).with_name("node")
RECEIVERS = ("flask_receiver.py", "fastapi_receiver.py", "django_receiver.py", "express_receiver.mjs")
START_TIMEOUT_S = 180.0
EVENT_ID = "evt_01J8QR2K5VKDGN2T4FBM3CZYX7"
# Letters beyond ASCII, and spaces that writing the JSON anew would not bring back.
BODY = (
    f'{{"id": "{EVENT_ID}",  "type":"render.completed", "created_at": "2026-11-22T10:24:33.120000Z", '
    '"workspace_id": "ws_01J8QR2K5VKDGN2T4FBM3CZYX8", "data": {"job": {"id": "render_01J8QR2K5VKDGN2T4FBM3CZYX7", '
    '"kind": "render", "workspace_id": "ws_01J8QR2K5VKDGN2T4FBM3CZYX8", "status": "completed", '
    '"metadata": {"title": "Café – übermorgen"}, "created_at": "2026-11-22T10:24:30Z", '
    '"updated_at": "2026-11-22T10:24:33Z"}}}'
)


@dataclass(frozen=True)
class Running:
    """A receiver that listens."""

    url: str
    secret: str
    database: Path
    log: Path

    def deliver(self, headers: dict[str, str], body: str = BODY) -> int:
        """The status that a delivery is answered with."""
        sent = {"Content-Type": "application/json", **headers}
        return httpx.post(self.url, content=body.encode(), headers=sent, timeout=60, trust_env=False).status_code

    def kept(self) -> list[tuple[str, bytes]]:
        if not self.database.exists():
            return []
        with closing(sqlite3.connect(self.database)) as database:
            tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'events'").fetchone()[0]
            return database.execute("SELECT id, body FROM events").fetchall() if tables else []


@pytest.fixture(scope="module", params=RECEIVERS)
def running(sdks: None, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("receiver")
    port, secret, log = free_port(), new_secret(), folder / "receiver.log"
    child = _start(request.param, folder, port, secret, log)
    receiver = Running(f"http://127.0.0.1:{port}/hooks/framelane", secret, folder / "events.db", log)
    try:
        _wait_until_it_answers(receiver, child)
        yield receiver
    finally:
        stop(child)


def _start(name: str, folder: Path, port: int, secret: str, log: Path) -> Child:
    program = folder / name
    program.write_text((PROGRAMS / name).read_text("utf-8"), "utf-8")
    if name.endswith(".mjs"):
        # Programs find packages beside them; those of the SDK's folder are the ones that are installed.
        (folder / "node_modules" / "@framelane").mkdir(parents=True)
        (folder / "node_modules" / "@framelane" / "sdk").symlink_to(TYPESCRIPT_SDK)
        (folder / "node_modules" / "express").symlink_to(TYPESCRIPT_SDK / "node_modules" / "express")
    interpreter = NODE if name.endswith(".mjs") else PYTHON
    env = {
        "FRAMELANE_WEBHOOK_SECRET": secret,
        "EVENTS_DATABASE": str(folder / "events.db"),
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "PORT": str(port),
    }
    with log.open("wb") as output:
        return spawn([str(interpreter), str(program)], env=env, output=output)


def _wait_until_it_answers(receiver: Running, child: Child) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            httpx.get(receiver.url, timeout=5, trust_env=False)
            return
        except httpx.TransportError:
            assert child.poll() is None, receiver.log.read_text("utf-8")
            assert time.monotonic() < deadline, receiver.log.read_text("utf-8")
            time.sleep(0.1)


def _signed(secrets: list[str], body: str = BODY, at: datetime | None = None) -> dict[str, str]:
    return signature_headers(secrets, EVENT_ID, body, at or datetime.now(UTC))


@pytest.mark.slow
def test_it_takes_a_signed_delivery_once_and_keeps_its_bytes(running: Running) -> None:
    assert running.deliver(_signed([running.secret])) == 204
    assert running.deliver(_signed([running.secret])) == 204
    assert running.kept() == [(EVENT_ID, BODY.encode())]


@pytest.mark.slow
def test_it_takes_a_delivery_that_a_former_secret_signs_as_well(running: Running) -> None:
    assert running.deliver(_signed([new_secret(), running.secret])) == 204


@pytest.mark.slow
@pytest.mark.parametrize("forged", ["another secret", "another body", "too old", "no signature"])
def test_it_refuses_what_the_platform_did_not_send(running: Running, forged: str) -> None:
    other_body = BODY.replace("completed", "cancelled").replace(EVENT_ID, EVENT_ID[:-1] + "8")
    headers, body = {
        "another secret": (_signed([new_secret()], other_body), other_body),
        "another body": (_signed([running.secret]), other_body),
        "too old": (_signed([running.secret], other_body, datetime.now(UTC) - timedelta(minutes=10)), other_body),
        "no signature": ({}, other_body),
    }[forged]
    before = running.kept()
    assert running.deliver(headers, body) == 400
    assert running.kept() == before


@pytest.mark.slow
def test_it_refuses_a_body_that_is_too_large(running: Running) -> None:
    body = BODY + " " * (1024 * 1024)
    assert running.deliver(_signed([running.secret], body), body) in (400, 413)
    assert running.deliver(_signed([running.secret])) == 204


@pytest.mark.parametrize("name", RECEIVERS)
def test_the_guide_shows_the_program_that_is_tested(name: str) -> None:
    blocks = re.findall(r"(?ms)^```[a-z]+\n(.*?)^```$", GUIDE.read_text("utf-8"))
    assert (PROGRAMS / name).read_text("utf-8") in blocks


def test_every_program_is_tested() -> None:
    assert sorted(path.name for path in PROGRAMS.iterdir() if path.suffix in (".py", ".mjs")) == sorted(RECEIVERS)
