"""What time does to jobs: lost workers, lost messages, deadlines and retention."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.attempts import Claim
from apps.jobs.services.cancel import cancel
from apps.jobs.services.sweep import sweep
from framelane.lib import clock
from framelane.lib.storage import get_store
from tests.jobs.conftest import Broker, Submit, claimed, output_of, reloaded


def make_past(job: Job, *fields: str) -> None:
    Job.objects.filter(id=job.id).update(**dict.fromkeys(fields, clock.now() - timedelta(seconds=1)))


def lose_worker(job: Job) -> Claim:
    held = claimed(job)
    make_past(job, "lease_until")
    sweep()
    return held


def test_requeues_a_job_whose_worker_vanished(
    submit: Submit, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    job = submit()
    held = claimed(job)
    make_past(job, "lease_until")
    broker.hints()
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep()["lost"] == 1
    job = reloaded(job)
    assert (job.status, job.worker_deaths, job.worker) == (Status.QUEUED, 1, "")
    assert broker.hints() == [job.id]
    assert not attempts.complete(held, output_of(held))


def test_leaves_a_job_alone_whose_lease_runs(submit: Submit) -> None:
    job = submit()
    claimed(job)
    assert sweep()["lost"] == 0
    assert reloaded(job).status == Status.PROCESSING


def test_gives_up_a_job_that_takes_every_worker_down(submit: Submit) -> None:
    job = submit()
    lose_worker(job)
    lose_worker(job)
    job = reloaded(job)
    assert (job.status, job.error_code, job.worker_deaths) == (Status.FAILED, "internal", 2)
    assert "lost 2 times" in job.error_message


def test_allows_a_third_attempt_when_one_ended_otherwise(submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="gpu_error", message="The card fell off the bus.")
    lose_worker(job)
    assert reloaded(job).status == Status.QUEUED
    lose_worker(job)
    assert (reloaded(job).status, reloaded(job).spent_attempts) == (Status.FAILED, 3)


def test_counts_no_death_for_a_release(submit: Submit) -> None:
    job = submit()
    lose_worker(job)
    attempts.release(claimed(job))
    assert (reloaded(job).spent_attempts, reloaded(job).worker_deaths) == (1, 1)
    lose_worker(job)
    assert reloaded(job).status == Status.FAILED


def test_ends_a_cancelled_job_whose_worker_vanished(submit: Submit) -> None:
    job = submit()
    claimed(job)
    cancel(job)
    make_past(job, "lease_until")
    sweep()
    assert reloaded(job).status == Status.CANCELLED


def test_hints_again_at_a_job_that_nobody_claimed(
    submit: Submit, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    job = submit()
    broker.hints()
    assert sweep()["due"] == 0
    make_past(job, "due_at")
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep()["due"] == 1
    assert broker.hints() == [job.id]
    assert sweep()["due"] == 0


def test_hints_ever_more_rarely(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    job, now = submit(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    pauses = []
    for _ in range(8):
        make_past(job, "due_at")
        sweep()
        due_at = reloaded(job).due_at
        assert due_at is not None
        pauses.append(round((due_at - now).total_seconds()))
    assert pauses == sorted(pauses)
    assert pauses[-1] == 600


def test_a_message_that_cannot_be_sent_is_made_up_for(
    submit: Submit, broker: Broker, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def refuse(*args: Any, **options: Any) -> None:
        raise ConnectionError("the broker is away")

    with monkeypatch.context() as patched:
        patched.setattr("celery.current_app.send_task", refuse)
        job = submit()
    assert job.status == Status.QUEUED
    make_past(job, "due_at")
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert broker.hints() == [job.id]


@pytest.mark.parametrize("running", [False, True])
def test_fails_a_job_past_its_deadline(submit: Submit, running: bool) -> None:
    job = submit()
    if running:
        claimed(job)
    make_past(job, "deadline")
    assert sweep()["overdue"] == 1
    assert (reloaded(job).status, reloaded(job).error_code) == (Status.FAILED, "timeout")
    assert Event.objects.filter(type="render.failed").count() == 1


def test_nobody_claims_a_job_past_its_deadline(submit: Submit) -> None:
    job = submit()
    make_past(job, "deadline")
    assert attempts.claim(job.id, worker="worker-1") is None


def test_deletes_an_output_after_its_retention(submit: Submit, tmp_path: Path) -> None:
    job = submit()
    held = claimed(job)
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    output = output_of(held)
    get_store().put_file(output.key, film, "video/mp4")
    attempts.complete(held, output)
    assert sweep()["expired"] == 0
    make_past(job, "output_expires_at")
    assert sweep()["expired"] == 1
    assert not get_store().exists(output.key)
    assert reloaded(job).output_gone_at is not None
    assert reloaded(job).status == Status.COMPLETED
    assert UsageRecord.objects.count() == 1
    assert sweep()["expired"] == 0
