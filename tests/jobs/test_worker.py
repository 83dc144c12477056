"""The worker's side of a job, in this process, with a stand-in for the engine and everything else real."""

import itertools
import socket
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import recover_now
from apps.uploads.models import Asset
from framelane.lib import clock
from framelane.lib.storage import StorageError, get_links, get_store
from framelane.lib.storage.local import LocalStore
from gpu_tasks import worker
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners import foreign
from tests.jobs.conftest import SCENE, reloaded
from tests.people import Person, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
STAND_IN = [sys.executable, str(Path(__file__).parents[1] / "stand_in_engine.py")]


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(worker, "ENGINE", STAND_IN)
    monkeypatch.setattr(worker, "WATCH_INTERVAL_S", 0.05)
    monkeypatch.setattr(foreign, "RETRY_PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(settings, "FRAMELANE_SCRATCH", tmp_path / "scratch")
    monkeypatch.setattr(settings, "FRAMELANE_NET_ALLOW", ["127.0.0.0/8"])


@pytest.fixture(autouse=True)
def running() -> Iterator[None]:
    """A shutdown lasts for one test."""
    yield
    worker._shutdown[0] = 0


@pytest.fixture
def alice() -> Person:
    return make_person("Alice")


def submitted(person: Person, urls: tuple[str, ...] = (), **metadata: str) -> Job:
    elements = [{"type": "video", "source_url": url} for url in urls] or SCENE["elements"]
    return create_render(workspace=person.workspace, payload={"elements": elements, "metadata": metadata})


def run(job: Job) -> Job:
    worker.attempt(job.id, worker="worker-1")
    return reloaded(job)


def run_and_meanwhile(job: Job, act: Callable[[], object]) -> Job:
    """Do `act` as soon as the job has made progress."""

    def meanwhile() -> None:
        try:
            while not Job.objects.filter(id=job.id, progress_percent__gt=0).exists():
                paused.wait(0.02)
            act()
        finally:
            connection.close()

    paused = Flag()
    helper = Thread(target=meanwhile)
    helper.start()
    try:
        return run(job)
    finally:
        helper.join()


def scratch_is_empty() -> bool:
    folder: Path = settings.FRAMELANE_SCRATCH
    return not folder.exists() or not any(folder.iterdir())


def stored_outputs(person: Person) -> list[str]:
    return list(get_store().list(f"{person.workspace.id}/"))


def test_completes_a_job(alice: Person) -> None:
    job = run(submitted(alice))
    assert (job.status, job.error_message) == (Status.COMPLETED, "")
    assert stored_outputs(alice) == [job.output_key]
    assert (job.output_width, job.output_height, job.output_duration_s, job.output_bytes) == (320, 180, 2.0, 4)
    assert [warning["code"] for warning in job.warnings] == ["FONT_FALLBACK", "RENDER_WARNING"]
    assert UsageRecord.objects.filter(job_id=job.id).count() == 1
    assert scratch_is_empty()


def test_fails_a_job_whose_source_is_damaged(alice: Person) -> None:
    job = run(submitted(alice, behaviour="report_error"))
    assert (job.status, job.error_code) == (Status.FAILED, "decode_failed")
    assert scratch_is_empty()
    assert stored_outputs(alice) == []


def test_tries_again_after_a_crash(alice: Person) -> None:
    job = run(submitted(alice, behaviour="crash"))
    assert (job.status, job.attempt) == (Status.QUEUED, 1)
    run(job)
    job = run(job)
    assert (job.status, job.error_code, job.attempt) == (Status.FAILED, "internal", 3)


def test_tries_again_after_an_error_of_its_own(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **options: Any) -> None:
        raise LookupError("a fault in this very program")

    monkeypatch.setattr(worker, "render", broken)
    job = run(submitted(alice))
    assert (job.status, job.attempt, job.error_message) == (Status.QUEUED, 1, "")


def test_tries_again_when_the_store_is_away(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any) -> None:
        raise StorageError("away")

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put_file", refuse)
        assert run(submitted(alice)).status == Status.QUEUED
    assert run(Job.objects.get()).status == Status.COMPLETED


def test_stops_when_cancelled(alice: Person) -> None:
    job = submitted(alice, seconds="60")
    job = run_and_meanwhile(job, lambda: cancel(job))
    assert job.status == Status.CANCELLED
    assert scratch_is_empty()
    assert stored_outputs(alice) == []
    assert not UsageRecord.objects.exists()


def test_gives_the_job_back_when_told_to_stop(alice: Person) -> None:
    job = submitted(alice, seconds="60")
    job = run_and_meanwhile(job, worker.note_shutdown)
    assert (job.status, job.spent_attempts, job.worker_deaths) == (Status.QUEUED, 0, 0)
    assert scratch_is_empty()


def test_stops_when_the_job_was_taken_away(alice: Person) -> None:
    job = submitted(alice, seconds="60")
    job = run_and_meanwhile(job, lambda: recover_now(reloaded(job)))
    assert (job.status, job.attempt) == (Status.QUEUED, 1)
    assert scratch_is_empty()


def test_throws_a_film_away_that_came_too_late(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease goes to somebody else between the upload and the outcome."""
    job = submitted(alice)
    put_file = LocalStore.put_file

    def put_and_lose(self: LocalStore, key: str, path: Path, content_type: str) -> Any:
        stat = put_file(self, key, path, content_type)
        recover_now(reloaded(job))
        return stat

    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put_file", put_and_lose)
        assert run(job).status == Status.QUEUED
    assert stored_outputs(alice) == []
    assert run(job).status == Status.COMPLETED
    assert stored_outputs(alice) == [reloaded(job).output_key]
    assert UsageRecord.objects.count() == 1


def test_removes_what_earlier_attempts_left_in_the_store(alice: Person, tmp_path: Path) -> None:
    job = submitted(alice)
    (tmp_path / "film").write_bytes(b"half")
    get_store().put_file(f"{alice.workspace.id}/renders/{job.id}/attempt-1/output.mp4", tmp_path / "film", "video/mp4")
    Job.objects.filter(id=job.id).update(attempt=1)
    assert run(job).output_key.endswith("attempt-2/output.mp4")
    assert stored_outputs(alice) == [reloaded(job).output_key]


def test_writes_progress_down(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PUBLISH_INTERVAL_S", 0.0)
    seen: list[tuple[int, str]] = []
    job = submitted(alice, seconds="1")
    run_and_meanwhile(job, lambda: seen.append((reloaded(job).progress_percent, reloaded(job).progress_stage)))
    assert 0 < seen[0][0] < 95
    assert seen[0][1] in ("compositing", "encoding")
    published = [event.data["job"]["progress_percent"] for event in Event.objects.filter(type="render.progress")]
    steps = [later - earlier for earlier, later in itertools.pairwise(published)]
    assert published
    assert all(step >= worker.PUBLISH_STEP_PERCENT for step in steps)


def test_does_nothing_for_a_job_that_is_taken(alice: Person) -> None:
    job = submitted(alice)
    Job.objects.filter(id=job.id).update(status=Status.PROCESSING, attempt=1, lease_until=clock.now())
    assert run(job).attempt == 1


# --- Sources --------------------------------------------------------------------------------------------------------


def uploaded(person: Person, folder: Path, content: bytes) -> str:
    key = f"{person.workspace.id}/uploads/clip.mp4"
    (folder / "clip").write_bytes(content)
    get_store().put_file(key, folder / "clip", "video/mp4")
    Asset.objects.create(
        workspace=person.workspace,
        key=key,
        kind="video",
        content_type="video/mp4",
        status="ready",
        expires_at=clock.now(),
    )
    return get_links().stable(key)


@pytest.fixture
def server() -> Iterator[Callable[[int, bytes], str]]:
    """Starts web servers that give one answer to everything."""
    servers: list[HTTPServer] = []

    def start(status: int, body: bytes = b"") -> str:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        found = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(found)
        Thread(target=found.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{found.server_port}/clip.mp4"

    yield start
    for found in servers:
        found.shutdown()
        found.server_close()


def content_of(job: Job) -> bytes:
    return b"".join(get_store().read(job.output_key))


def test_uses_an_upload(alice: Person, tmp_path: Path) -> None:
    job = run(submitted(alice, (uploaded(alice, tmp_path, b"mine"),)))
    assert (job.status, content_of(job)) == (Status.COMPLETED, b"mine")


def test_never_uses_somebody_elses_upload(alice: Person, tmp_path: Path) -> None:
    url = uploaded(make_person("Bob"), tmp_path, b"his")
    signed = get_store().signed_url(url.partition("/media/")[2], 3600) + "#.mp4"
    for tried in (url, signed):
        job = run(submitted(alice, (tried,)))
        assert (job.status, job.error_code) == (Status.FAILED, "source_not_found")


def test_fetches_a_foreign_source(alice: Person, server: Callable[[int, bytes], str]) -> None:
    job = run(submitted(alice, (server(200, b"foreign"),)))
    assert (job.status, content_of(job)) == (Status.COMPLETED, b"foreign")


def test_says_what_a_foreign_server_answered(alice: Person, server: Callable[[int, bytes], str]) -> None:
    url = server(404, b"")
    job = run(submitted(alice, (url,)))
    assert (job.status, job.error_code) == (Status.FAILED, "source_not_found")
    assert url in job.error_message
    assert "404" in job.error_message


def test_refuses_a_source_that_is_too_large(
    alice: Person, server: Callable[[int, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_SOURCE_MAX_BYTES", 3)
    assert run(submitted(alice, (server(200, b"four"),))).error_code == "source_too_large"


def test_refuses_private_addresses(
    alice: Person, server: Callable[[int, bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_NET_ALLOW", [])
    assert run(submitted(alice, (server(200, b"secret"),))).error_code == "invalid_source"


def test_a_silent_server_does_not_hold_up_a_cancellation(alice: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        job = submitted(alice, (f"http://127.0.0.1:{silent.getsockname()[1]}/clip.mp4",))
        accepted = Flag()

        def ask() -> None:
            silent.accept()
            cancel(job)
            accepted.set()
            connection.close()

        helper = Thread(target=partial(ask))
        helper.start()
        job = run(job)
        helper.join()
    assert accepted.is_set()
    assert job.status == Status.CANCELLED


@pytest.mark.parametrize(("plan", "marked"), [("free", True), ("pro", False), ("enterprise", False)])
def test_films_of_the_free_plan_carry_the_watermark(monkeypatch: pytest.MonkeyPatch, plan: str, marked: bool) -> None:
    told: list[bool] = []

    def note(*arguments: Any, **options: Any) -> None:
        told.append(options["marked"])
        raise JobFailed("decode_failed", "enough")

    monkeypatch.setattr(worker, "render", note)
    run(submitted(make_person("Charlie", plan=plan)))
    assert told == [marked]


def test_texts_may_name_the_fonts_of_their_workspace(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[str]] = []

    def note(*arguments: Any, **options: Any) -> None:
        told.append(list(options["fonts"]))
        raise JobFailed("decode_failed", "enough")

    def font(person: Person, family: str, status: str = "ready") -> str:
        key = f"{person.workspace.id}/uploads/{family.replace(' ', '-')}-{status}.ttf"
        Asset.objects.create(
            workspace=person.workspace,
            key=key,
            kind="font",
            status=status,
            content_type="font/ttf",
            info={"font_family": family},
            expires_at=clock.now(),
        )
        return get_links().stable(key)

    wanted = font(alice, "Brand Sans")
    font(alice, "Other")
    font(alice, "Brand Sans", status="failed")
    font(make_person("Bob"), "Brand Sans")
    monkeypatch.setattr(worker, "render", note)
    text = {"type": "text", "text": "Hi", "duration": 1, "font_family": "Nothing, brand-sans"}
    run(create_render(workspace=alice.workspace, payload={"elements": [text]}))
    assert told == [[wanted]]
