"""The worker's side of a render: what becomes of the job at each of its ends."""

import itertools
from pathlib import Path
from threading import Event as Flag
from typing import Any

import pytest

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.sweep import recover_now
from framelane.lib import clock
from framelane.lib.storage import StorageError, get_store
from framelane.lib.storage.local import LocalStore
from gpu_tasks import watch, worker
from tests.jobs.conftest import reloaded
from tests.jobs.work import run, run_and_meanwhile, scratch_is_empty, stored_outputs, submitted
from tests.people import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("stand_ins")]


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
    job = run_and_meanwhile(job, watch.note_shutdown)
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
    monkeypatch.setattr(watch, "PUBLISH_INTERVAL_S", 0.0)
    seen: list[Job] = []
    # Long enough that it is not over before it is looked at.
    job = submitted(alice, seconds="20")

    def look_and_cancel() -> None:
        seen.append(reloaded(job))
        while Event.objects.filter(type="render.progress").count() < 2:
            Flag().wait(0.02)
        cancel(job)

    run_and_meanwhile(job, look_and_cancel)
    assert 0 < seen[0].progress_percent < 95
    assert seen[0].progress_stage in ("compositing", "encoding")
    published = [event.data["job"]["progress_percent"] for event in Event.objects.filter(type="render.progress")]
    steps = [later - earlier for earlier, later in itertools.pairwise(published)]
    assert len(published) >= 2
    assert all(step >= watch.PUBLISH_STEP_PERCENT for step in steps)


def test_does_nothing_for_a_job_that_is_taken(alice: Person) -> None:
    job = submitted(alice)
    Job.objects.filter(id=job.id).update(status=Status.PROCESSING, attempt=1, lease_until=clock.now())
    assert run(job).attempt == 1
