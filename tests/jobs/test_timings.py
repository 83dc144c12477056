"""Where the time of a job went: the stages of an attempt are noted as they are told, and add up to the whole."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.timings import stage_timings
from framelane.lib import clock
from gpu_tasks import watch
from gpu_tasks.watch import Watch
from tests.jobs.conftest import Submit, claimed, output_of, reloaded
from tests.jobs.work import run, submitted
from tests.people import Person

BEGUN = clock.now()


def seconds(count: float) -> Any:
    return BEGUN + timedelta(seconds=count)


def job_with(*stages: tuple[str, float], **fields: Any) -> Job:
    entered = [{"stage": stage, "at": seconds(at).isoformat()} for stage, at in stages]
    return Job(created_at=BEGUN, stages=entered, **fields)


def told(job: Job) -> list[tuple[str, float]]:
    return [(timing.name, timing.duration_s) for timing in stage_timings(job)]


def test_the_stretches_of_a_completed_job_add_up() -> None:
    stages = [("downloading", 5.5), ("compositing", 8), ("encoding", 8.2), ("uploading", 20)]
    job = job_with(*stages, status=Status.COMPLETED, started_at=seconds(5), completed_at=seconds(21))
    expected = [
        ("waiting", 5),
        ("starting", 0.5),
        ("downloading", 2.5),
        ("compositing", 0.2),
        ("encoding", 11.8),
        ("uploading", 1),
    ]
    assert [name for name, _ in told(job)] == [name for name, _ in expected]
    assert dict(told(job)) == pytest.approx(dict(expected))
    timings = stage_timings(job)
    assert all(
        one.started_at + timedelta(seconds=one.duration_s) == next_.started_at for one, next_ in pairwise(timings)
    )


def test_a_job_without_stages_waits_and_starts() -> None:
    assert told(job_with(status=Status.FAILED, started_at=seconds(2), completed_at=seconds(3))) == [
        ("waiting", 2),
        ("starting", 1),
    ]
    assert told(job_with(status=Status.CANCELLED, completed_at=seconds(3))) == [("waiting", 3)]


def test_a_job_that_goes_on_is_timed_until_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: seconds(10))
    assert told(job_with(status=Status.QUEUED)) == [("waiting", 10)]
    # One that was put back waits again, whatever it had reached before.
    assert told(job_with(("encoding", 4), status=Status.QUEUED, started_at=seconds(2))) == [("waiting", 10)]
    running = job_with(("encoding", 4), status=Status.PROCESSING, started_at=seconds(4))
    assert told(running) == [("waiting", 4), ("encoding", 6)]


def test_no_stretch_is_negative_when_clocks_differ() -> None:
    job = job_with(("encoding", 1), status=Status.COMPLETED, started_at=seconds(2), completed_at=seconds(3))
    assert told(job) == [("waiting", 2), ("encoding", 2)]


def entered(job: Job) -> list[str]:
    return [entry["stage"] for entry in reloaded(job).stages]


def test_an_attempt_begins_without_stages(submit: Submit) -> None:
    job = submit()
    first = claimed(job)
    assert attempts.note_stages(first, {"downloading": clock.now()})
    assert entered(job) == ["downloading"]
    attempts.release(first)
    second = claimed(job)
    assert entered(job) == []
    assert not attempts.note_stages(first, {"encoding": clock.now()})
    assert attempts.note_stages(second, {"compositing": clock.now()})
    assert entered(job) == ["compositing"]


def test_stages_between_two_rounds_are_kept(submit: Submit) -> None:
    """The watch is never started: no round takes place."""
    job = submit()
    held = claimed(job)
    watching = Watch(held)
    for stage, percent in [("downloading", 0), ("compositing", 10), ("encoding", 12), ("encoding", 90)]:
        watching.report(stage, percent)
    watching.after(lambda: attempts.complete(held, output_of(held)))()
    assert (entered(job), reloaded(job).status) == (["downloading", "compositing", "encoding"], Status.COMPLETED)
    assert stage_timings(reloaded(job))[-1].name == "encoding"


def test_a_stale_watch_leaves_the_stages_of_the_next_attempt_alone(submit: Submit) -> None:
    job = submit()
    stale = Watch(claimed(job))
    stale.report("encoding", 50)
    attempts.release(stale._claim)
    claimed(job)
    stale.after(lambda: None)()
    assert entered(job) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stand_ins")
@pytest.mark.parametrize("interval_s", [0.05, 3600])
def test_a_worker_notes_every_stage(alice: Person, monkeypatch: pytest.MonkeyPatch, interval_s: float) -> None:
    monkeypatch.setattr(watch, "WATCH_INTERVAL_S", interval_s)
    job = run(submitted(alice))
    assert job.status == Status.COMPLETED
    stages = [entry["stage"] for entry in job.stages]
    assert stages[-1] == "uploading"
    assert {"compositing", "encoding"} & set(stages)
    timings = stage_timings(job)
    assert job.completed_at is not None
    assert sum(timing.duration_s for timing in timings) == pytest.approx(
        (job.completed_at - job.created_at).total_seconds(), abs=0.001
    )
