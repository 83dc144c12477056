"""Whose job is next: every workspace gets its share of a queue, whoever queued first and however much."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.jobs.models import FairQueue, FairShare, Job, Status
from apps.jobs.services import attempts, fairness
from apps.jobs.services.attempts import Claim
from apps.jobs.services.cancel import cancel
from apps.jobs.services.sweep import sweep
from apps.uploads.models import Asset
from framelane.lib import clock, ids
from tests.jobs.conftest import SCENE, Broker, output_of, reloaded
from tests.jobs.test_waiting import clips, upload
from tests.people import Person, make_person

pytestmark = pytest.mark.django_db


def queued(person: Person, count: int = 1, **fields: Any) -> list[Job]:
    """Jobs as `create_render` leaves them, without its events and hints."""
    made: dict[str, Any] = {"kind": "render", "request": SCENE, "queue": "render", "hints": 1, **fields}
    later = clock.now() + timedelta(hours=1)
    jobs = [
        Job(id=ids.new_id(made["kind"]), workspace=person.workspace, deadline=later, due_at=later, **made)
        for _ in range(count)
    ]
    return Job.objects.bulk_create(jobs)


def claim_at(hinted: Job) -> Claim | None:
    return attempts.claim(hinted.id, worker="worker")


def turns(hinted: Job, count: int) -> list[str]:
    """The workspaces whose jobs are started by as many hints, all of the same job."""
    claims = [claim_at(hinted) for _ in range(count)]
    return [held.workspace_id for held in claims if held is not None]


def test_a_thousand_jobs_do_not_starve_the_first_of_another(alice: Person, bob: Person) -> None:
    hinted, *_ = queued(alice, 1000)
    turns(hinted, 10)
    queued(bob)
    assert bob.workspace.id in turns(hinted, 2)


def test_equals_take_turns(alice: Person, bob: Person) -> None:
    hinted, *_ = queued(alice, 10)
    queued(bob, 10)
    order = turns(hinted, 20)
    for first, second in zip(order[::2], order[1::2], strict=True):
        assert {first, second} == {alice.workspace.id, bob.workspace.id}


def test_plans_weigh() -> None:
    people = {plan: make_person(plan, plan=plan) for plan in ("free", "pro", "enterprise")}
    # Tasks, because renders of the free plan run one at a time.
    fields = {"kind": "task", "task_type": "transcribe", "request": {"source_url": "https://example.org/a.mp4"}}
    hinted, *_ = [queued(person, 30, **fields)[0] for person in people.values()]
    shares = Counter(turns(hinted, 22))
    assert [shares[person.workspace.id] for person in people.values()] == [2, 4, 16]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["free", "pro", "enterprise"]), min_size=2, max_size=4), st.integers(1, 30))
def test_nobody_falls_behind_by_more_than_a_job(db: None, plans: list[str], count: int) -> None:
    """The bound of start-time fair queueing: two that wait all the time differ by less than a job of each."""
    queue = f"queue-{FairQueue.objects.count()}"
    fields = {"kind": "task", "task_type": "transcribe", "request": {"source_url": "https://example.org/a.mp4"}}
    people = [make_person(f"P{number}", plan=plan) for number, plan in enumerate(plans)]
    hinted, *_ = [queued(person, count, queue=queue, **fields)[0] for person in people]
    shares = Counter(turns(hinted, count))
    served = {person: shares[person.workspace.id] / fairness.weight_of(person.workspace) for person in people}
    for one in people:
        for other in people:
            bound = 1 / fairness.weight_of(one.workspace) + 1 / fairness.weight_of(other.workspace)
            assert abs(served[one] - served[other]) <= bound


def test_idleness_earns_nothing(alice: Person, bob: Person) -> None:
    hinted, *_ = queued(alice, 40)
    queued(bob)
    turns(hinted, 11)
    queued(bob, 20)
    assert Counter(turns(hinted, 10)) == {alice.workspace.id: 5, bob.workspace.id: 5}


def test_having_used_an_idle_queue_costs_nothing_later(alice: Person, bob: Person) -> None:
    hinted, *_ = queued(alice, 100)
    turns(hinted, 20)
    queued(bob, 20)
    assert Counter(turns(hinted, 10)) == {alice.workspace.id: 5, bob.workspace.id: 5}


def test_queues_are_apart(alice: Person, bob: Person) -> None:
    render, *_ = queued(alice, 5)
    task, *_ = queued(alice, 5, queue="task.gaze", kind="task", task_type="gaze_redirect", request={"source_url": "x"})
    queued(bob, 1)
    turns(task, 3)
    assert Counter(turns(render, 2)) == {alice.workspace.id: 1, bob.workspace.id: 1}
    assert {held.queue for held in Job.objects.filter(status=Status.QUEUED)} == {"render", "task.gaze"}


def test_the_oldest_goes_first_among_new_workspaces() -> None:
    people = [make_person(name) for name in ("Alice", "Bob", "Charlie", "Dora")]
    jobs = [queued(person)[0] for person in reversed(people)]
    order = [claim_at(jobs[-1]) for _ in people]
    assert [held.job_id for held in order if held] == [job.id for job in jobs]


def test_within_a_workspace_priority_and_then_age(alice: Person) -> None:
    first, second = queued(alice, 2)
    (urgent,) = queued(alice, priority=5)
    started = [claim_at(second) for _ in range(3)]
    assert [held.job_id for held in started if held] == [urgent.id, first.id, second.id]


def test_a_hint_starts_one_job_and_no_more(alice: Person) -> None:
    first, *_ = queued(alice, 3)
    assert claim_at(first) is not None
    assert Job.objects.filter(status=Status.PROCESSING).count() == 1


@pytest.mark.parametrize("fate", ["cancelled", "taken"])
def test_a_hint_at_what_is_over_is_worth_a_start(alice: Person, fate: str) -> None:
    first, second = queued(alice, 2)
    if fate == "cancelled":
        cancel(first)
    else:
        claim_at(first)
    held = claim_at(first)
    assert held is not None
    assert held.job_id == second.id


def test_a_free_workspace_that_renders_is_passed_over(bob: Person) -> None:
    charlie = make_person("Charlie", plan="free")
    hinted, second, *_ = queued(charlie, 500, exclusive=True)
    queued(bob, 3)
    running = claim_at(hinted)
    assert running is not None
    assert turns(hinted, 5) == [bob.workspace.id] * 3
    with CaptureQueriesContext(connection) as queries:
        assert claim_at(hinted) is None
    assert len(queries) <= 6
    assert attempts.complete(running, output_of(running))
    following = claim_at(hinted)
    assert following is not None
    assert following.job_id == second.id


def test_an_upgrade_wakes_those_that_had_to_wait(
    broker: Broker, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    charlie = make_person("Charlie", plan="free")
    first, *others = queued(charlie, 4, exclusive=True)
    running = claim_at(first)
    assert running is not None
    charlie.workspace.plan = "pro"
    charlie.workspace.save()
    broker.hints()
    with django_capture_on_commit_callbacks(execute=True):
        attempts.complete(running, output_of(running))
    # One hint leads to the next, although no other job has ended.
    for _ in others:
        (hint,) = broker.hints()
        with django_capture_on_commit_callbacks(execute=True):
            assert attempts.claim(hint, worker="worker") is not None
    assert broker.hints() == []
    assert Job.objects.filter(status=Status.PROCESSING).count() == 3


def test_jobs_whose_uploads_are_on_the_way_do_not_hold_up_others(alice: Person, bob: Person) -> None:
    pending = upload(alice)
    waiting = queued(alice, 8, request=clips(pending))
    (ready,) = queued(alice)
    held = claim_at(waiting[0])
    assert held is not None
    assert held.job_id == ready.id
    assert Job.objects.filter(held=True).count() == 8
    assert claim_at(waiting[0]) is None
    Asset.objects.filter(id=pending.id).update(status="ready")
    Job.objects.filter(held=True).update(due_at=clock.now() - timedelta(seconds=1))
    sweep()
    assert len(turns(waiting[0], 10)) == 8


def test_one_hint_looks_at_a_bounded_number_of_jobs(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "MOST_LOOKS", 5)
    waiting = queued(alice, 8, request=clips(upload(alice)))
    queued(alice)
    assert claim_at(waiting[0]) is None
    assert Job.objects.filter(held=True).count() == 5
    assert claim_at(waiting[0]) is not None


def test_a_retry_waits_until_it_is_due(alice: Person) -> None:
    (job,) = queued(alice)
    held = claim_at(job)
    assert held is not None
    attempts.fail(held, code="internal", message="The renderer ended unexpectedly.")
    assert claim_at(job) is None
    Job.objects.filter(id=job.id).update(due_at=clock.now() - timedelta(seconds=1))
    sweep()
    again = claim_at(job)
    assert again is not None
    assert again.attempt == 2


def test_what_was_given_back_goes_first_again(alice: Person) -> None:
    first, second = queued(alice, 2)
    held = claim_at(first)
    assert held is not None
    attempts.release(held)
    again = claim_at(second)
    assert again is not None
    assert again.job_id == first.id


def test_jobs_past_their_deadline_are_passed_over(alice: Person) -> None:
    late, intime = queued(alice, 2)
    Job.objects.filter(id=late.id).update(deadline=clock.now() - timedelta(seconds=1))
    held = claim_at(late)
    assert held is not None
    assert held.job_id == intime.id
    assert reloaded(late).status == Status.QUEUED
    assert claim_at(late) is None


def test_what_time_has_overtaken_is_forgotten(alice: Person, bob: Person) -> None:
    hinted, *_ = queued(alice, 10)
    queued(bob)
    turns(hinted, 6)
    assert FairShare.objects.count() == 2
    assert sweep()["idle"] == 1
    assert list(FairShare.objects.values_list("workspace", flat=True)) == [alice.workspace.id]
    queued(bob, 5)
    assert Counter(turns(hinted, 4)) == {alice.workspace.id: 2, bob.workspace.id: 2}


def test_finding_a_turn_takes_as_many_queries_for_a_thousand_jobs(alice: Person, bob: Person) -> None:
    counts = []
    for size in (2, 1000):
        hinted, *_ = queued(alice, size)
        queued(bob, size)
        turns(hinted, 2)
        with CaptureQueriesContext(connection) as queries:
            assert fairness.next_turn("render") is not None
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 3


def test_the_index_of_turns_is_used(alice: Person, bob: Person) -> None:
    """The planner of either database proves that the conditions are those of the partial index."""
    for person in (alice, bob):
        queued(person, 100)
        # Most jobs of a database are over.
        queued(person, 2000, status="completed", completed_at=clock.now())
    values = fairness._values("render", 0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
        cursor.execute(explain + fairness._sql(), values)
        plan = "\n".join(" ".join(map(str, row)) for row in cursor.fetchall())
    # Where one workspace is left to leap to, PostgreSQL may prefer to sort its few rows.
    assert plan.count("job_turn") >= 2, plan
    assert "SCAN jobs_job" not in plan
    assert "Seq Scan on jobs_job" not in plan
