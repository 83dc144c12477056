"""A thousand jobs of twenty workspaces at once on two workers: fair, none lost, none run twice, every second booked.

The workers claim, run, store and settle as they do in earnest; only the picture is a stand-in. Nothing sweeps, so the
hints alone must carry every job to its end.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from queue import Empty, Queue
from threading import Lock
from typing import Any

import pytest
from celery import current_app
from django.db import connection
from django.db.models import Sum

from apps.billing.models import UsageRecord
from apps.jobs.models import Job, Status
from apps.jobs.services.attempts import Claim
from framelane.lib.storage import get_store
from gpu_tasks import watch, worker
from gpu_tasks.runners.outcome import Made
from tests.jobs.test_fairness import queued
from tests.people import make_person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.timeout(1200),
    pytest.mark.usefixtures("stand_ins"),
]
PATIENCE_S = 120.0
"""How long no message may come while jobs wait: another's job, or the machine, may take its time."""
LOOK_S = 1.0
DURATION_S = 1.25


class Running:
    """Who renders at this moment, and the most that each workspace rendered at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now: Counter[str] = Counter()
        self.most: dict[str, int] = defaultdict(int)

    def render(self, claim: Claim, watch: Any, scratch: Path) -> Made:
        with self._lock:
            self._now[claim.workspace_id] += 1
            self.most[claim.workspace_id] = max(self.most[claim.workspace_id], self._now[claim.workspace_id])
        film = scratch / "output.mp4"
        film.write_bytes(claim.job_id.encode())
        with self._lock:
            self._now[claim.workspace_id] -= 1
        return Made(path=film, size_bytes=film.stat().st_size, width=320, height=180, duration_s=DURATION_S)


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Running:
    noted = Running()
    monkeypatch.setattr(worker, "_render", noted.render)
    monkeypatch.setattr(watch, "WATCH_INTERVAL_S", 1.0)
    return noted


@pytest.fixture
def hints(monkeypatch: pytest.MonkeyPatch, broker: Any) -> "Queue[str]":
    """What a broker would hold: the ids of the jobs that were hinted at, in order."""
    waiting: Queue[str] = Queue()

    def send_task(name: str, args: tuple[Any, ...] = (), **_: Any) -> None:
        if name == "gpu_tasks.worker.run_job":
            waiting.put(args[0])

    monkeypatch.setattr(current_app, "send_task", send_task)
    return waiting


def work(name: str, hints: "Queue[str]", are_done: Callable[[], bool]) -> None:
    """One worker: a message after the other, until none comes any more."""
    waited_s = 0.0
    try:
        while True:
            try:
                hint = hints.get(timeout=LOOK_S)
            except Empty:
                waited_s += LOOK_S
                if are_done():
                    return
                if waited_s >= PATIENCE_S:
                    raise
            else:
                worker.attempt(hint, worker=name)
                waited_s = 0.0
    finally:
        connection.close()


def run_all(hints: "Queue[str]", jobs: list[Job]) -> list[Job]:
    """Every job, in the order in which they were started."""
    for job in jobs:
        hints.put(job.id)

    def are_done() -> bool:
        # The other worker may still be at the last job, which wakes nobody.
        return not Job.objects.filter(status=Status.QUEUED).exists()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, f"worker-{number}", hints, are_done) for number in range(2)]:
            done.result()
    return list(Job.objects.order_by("started_at"))


def assert_all_were_run_once(jobs: list[Job]) -> None:
    assert Counter(job.status for job in jobs) == {Status.COMPLETED: len(jobs)}
    assert {job.attempt for job in jobs} == {1}
    assert UsageRecord.objects.values("job_id").distinct().count() == UsageRecord.objects.count() == len(jobs)
    booked_s = UsageRecord.objects.aggregate(total=Sum("output_s"))["total"]
    assert booked_s == sum(Decimal(str(job.output_duration_s)) for job in jobs) == len(jobs) * Decimal("1.25")
    stored = {key for workspace in {job.workspace_id for job in jobs} for key in get_store().list(f"{workspace}/")}
    assert stored == {job.output_key for job in jobs}


def assert_first_before_third(jobs: list[Job], workspaces: int) -> None:
    """Among those that were started before the first third job of anybody, there is one of everybody."""
    started: Counter[str] = Counter()
    for job in jobs:
        started[job.workspace_id] += 1
        if started[job.workspace_id] == 3:
            break
    assert len(started) == workspaces


def test_twenty_workspaces_with_fifty_jobs_each(running: Running, hints: "Queue[str]") -> None:
    people = [make_person(f"Person{number}") for number in range(20)]
    jobs = run_all(hints, [job for person in people for job in queued(person, 50)])
    assert len(jobs) == 1000
    assert_all_were_run_once(jobs)
    assert_first_before_third(jobs, 20)


def test_a_free_workspace_among_them(running: Running, hints: "Queue[str]") -> None:
    people = [make_person(f"Person{number}") for number in range(5)]
    charlie = make_person("Charlie", plan="free")
    waiting = [job for person in people for job in queued(person, 10)] + queued(charlie, 10, exclusive=True)
    jobs = run_all(hints, waiting)
    assert len(jobs) == 60
    assert_all_were_run_once(jobs)
    assert_first_before_third(jobs, 6)
    assert running.most[charlie.workspace.id] == 1


def test_who_comes_late_is_among_the_next_two(running: Running, hints: "Queue[str]") -> None:
    alice, bob = make_person("Alice"), make_person("Bob")
    crowd = queued(alice, 1000)
    for job in crowd[:5]:
        worker.attempt(job.id, worker="worker-1")
    queued(bob)
    for job in crowd[5:7]:
        worker.attempt(job.id, worker="worker-1")
    order = list(Job.objects.filter(started_at__isnull=False).order_by("started_at"))
    assert len(order) == 7
    assert bob.workspace.id in {job.workspace_id for job in order[5:]}
