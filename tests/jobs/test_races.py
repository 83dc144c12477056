"""Threads that want the same job at the same instant: one gets it, the others change nothing."""

import pytest

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.events.services import relay_due
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import sweep
from tests.jobs.conftest import SCENE, claimed, output_of, reloaded
from tests.people import Person, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> Person:
    return make_person("Alice")


@pytest.fixture
def job(alice: Person) -> Job:
    return create_render(workspace=alice.workspace, payload=SCENE)


def test_one_of_eight_workers_gets_the_job(job: Job) -> None:
    claims = at_once(*(lambda n=n: attempts.claim(job.id, worker=f"worker-{n}") for n in range(8)))
    winners = [held for held in claims if held is not None]
    assert len(winners) == 1
    assert reloaded(job).attempt == winners[0].attempt == 1
    assert Event.objects.filter(type="render.processing").count() == 1


def test_one_of_eight_outcomes_is_written(job: Job) -> None:
    held = claimed(job)
    results = at_once(*(lambda: attempts.complete(held, output_of(held)) for _ in range(8)))
    assert results.count(True) == 1
    assert UsageRecord.objects.filter(job_id=job.id).count() == 1
    assert Event.objects.filter(type="render.completed").count() == 1


@pytest.mark.parametrize("_round", range(5))
def test_cancelling_and_completing_at_once_agree(job: Job, _round: int) -> None:
    held = claimed(job)

    def ask() -> bool:
        try:
            return cancel(job).cancel_requested
        except AlreadyEnded:
            return False

    accepted, completed = at_once(ask, lambda: attempts.complete(held, output_of(held)))
    assert accepted is not completed
    if accepted:
        attempts.confirm_cancel(held)
    assert reloaded(job).status == (Status.CANCELLED if accepted else Status.COMPLETED)
    assert UsageRecord.objects.count() == int(completed)


@pytest.mark.parametrize("_round", range(5))
def test_cancelling_and_claiming_at_once_agree(job: Job, _round: int) -> None:
    cancelled, held = at_once(lambda: cancel(job), lambda: attempts.claim(job.id, worker="worker-1"))
    if held is not None:
        attempts.confirm_cancel(held)  # type: ignore[arg-type]
    assert reloaded(job).status == Status.CANCELLED
    assert cancelled is not None


def test_a_free_workspace_never_runs_two_renders() -> None:
    charlie = make_person("Charlie", plan="free")
    jobs = [create_render(workspace=charlie.workspace, payload=SCENE) for _ in range(6)]
    claims = at_once(*(lambda job=job: attempts.claim(job.id, worker="w") for job in jobs))
    assert sum(held is not None for held in claims) == 1
    assert Job.objects.filter(status=Status.PROCESSING).count() == 1
    assert Job.objects.filter(status=Status.QUEUED).count() == 5


def test_two_sweepers_count_one_death(job: Job) -> None:
    claimed(job)
    Job.objects.filter(id=job.id).update(lease_until=job.created_at)
    found = at_once(sweep, sweep, sweep, sweep)
    assert sum(counts["lost"] for counts in found) == 1
    assert (reloaded(job).worker_deaths, reloaded(job).status) == (1, Status.QUEUED)


def test_two_relays_hand_an_event_over_once(job: Job) -> None:
    assert sum(at_once(relay_due, relay_due, relay_due)) == Event.objects.count() == 1
