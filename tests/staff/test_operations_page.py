"""The page of operations: what waits, who works, what failed, in few queries and for those who may see it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.jobs.models import Job
from apps.mail.models import Mail
from apps.operations import scheduler
from apps.operations.heartbeat import Heartbeat
from apps.operations.models import WorkerNode
from apps.operations.page import figures
from apps.webhooks.models import Attempt
from framelane.api import system
from framelane.lib import clock
from tests.people import Person
from tests.staff.conftest import client_of
from tests.staff.inert import troubles_of
from tests.staff.rows import job, make_rows
from tests.test_sweeps import noted, read_whole

pytestmark = pytest.mark.django_db
MAX_QUERIES = 10


def page(client: Client, **headers: str) -> str:
    answer = client.get(reverse("operations"), headers=headers)
    assert answer.status_code == 200
    return str(answer.content.decode())


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def worker(name: str, seen: timedelta = timedelta(0), **values: Any) -> WorkerNode:
    now = clock.now()
    facts = {"kind": name.partition("@")[0], "host": "host", "pid": 1, "version": "0.1.0", "concurrency": 2, "busy": 1}
    facts |= {"queues": ["render"], "started_at": now, "seen_at": now - seen}
    return WorkerNode.objects.create(name=name, **{**facts, **values})


def queued(person: Person, queue: str = "render", age_s: int = 0, **values: Any) -> Job:
    made = job(0, person.workspace)
    changes = {"queue": queue, "created_at": clock.now() - timedelta(seconds=age_s), **values}
    Job.objects.filter(id=made.id).update(**changes)
    return made


def ended(person: Person, code: str = "", ago: timedelta = timedelta(minutes=1)) -> Job:
    status = "failed" if code else "completed"
    return queued(person, status=status, error_code=code, completed_at=clock.now() - ago)


def test_it_opens_on_an_empty_installation(staff: Client) -> None:
    shown = text_of(page(staff))
    assert "No worker has been heard of" in shown
    assert "scheduler: not heard of" in shown
    assert "storage: reachable" in shown


def test_ten_queries_are_enough_however_much_there_is(staff: Client, alice: Person) -> None:
    for queue in (*figures.QUEUES, "render.cpu"):
        queued(alice, queue)
        queued(alice, queue, held=True)
    for n in range(5):
        worker(f"gpu{n}@host")
        ended(alice, "gpu_error" if n % 2 else "")
        queued(alice, status="processing", lease_until=clock.now(), worker=f"gpu{n}@host/7", exclusive=False)
    make_rows(Attempt, 5)
    make_rows(Mail, 5)
    with CaptureQueriesContext(connection) as asked:
        page(staff)
    assert len(asked) <= MAX_QUERIES, "\n".join(query["sql"][:150] for query in asked)


def test_no_table_that_grows_is_read_whole(staff: Client, alice: Person) -> None:
    queued(alice)
    statements: list[tuple[str, Any, int]] = []
    with noted(statements):
        page(staff)
    whole = {table for sql, params, _ in statements if sql.startswith("SELECT") for table in read_whole(sql, params)}
    assert whole <= {"operations_workernode", "framelane_api_ratecount"}


def test_the_job_that_waits_for_longest_is_named(staff: Client, alice: Person) -> None:
    queued(alice, age_s=30)
    oldest = queued(alice, age_s=90)
    queued(alice, age_s=900, held=True)
    queued(alice, "task.gaze", age_s=300)
    render = figures.queues([])[0]
    assert (render.name, render.ready, render.held, render.running) == ("render", 2, 1, 0)
    assert render.oldest == oldest
    shown = page(staff)
    assert reverse("admin:jobs_job_change", args=[oldest.id]) in shown
    assert "for 1:3" in text_of(shown)


def test_workers_are_shown_with_what_they_do(staff: Client, alice: Person) -> None:
    card = {"index": 0, "name": "NVIDIA L4", "used_bytes": 4_000_000_000, "total_bytes": 24_000_000_000}
    worker("gpu@one", gpus=[card], disk_free_bytes=80_000_000_000)
    worker("cpu@two", seen=timedelta(minutes=5))
    busy = queued(alice, status="processing", lease_until=clock.now(), worker="gpu@one/77", started_at=clock.now())
    shown = page(staff)
    assert "NVIDIA L4: 4,000 MB of 24.0 GB" in text_of(shown)
    assert "1 of 2" in text_of(shown)
    assert busy.id in shown
    assert shown.count(">silent<") == 1
    assert figures.queues(list(WorkerNode.objects.all()))[0].workers == 1


def test_failures_are_counted_by_their_cause_and_time(staff: Client, alice: Person) -> None:
    ended(alice, "gpu_error")
    ended(alice, "gpu_error", ago=timedelta(hours=5))
    ended(alice, "asset_not_ready", ago=timedelta(days=3))
    ended(alice, "internal", ago=timedelta(days=8))
    ended(alice)
    found = figures.outcomes()
    assert {one.code: one.counts for one in found.by_code} == {"gpu_error": (1, 2, 2), "asset_not_ready": (0, 0, 1)}
    assert (found.ended, found.failed) == ((2, 3, 4), (1, 2, 3))
    assert found.rates == ("50.0 %", "66.7 %", "75.0 %")
    assert "66.7 %" in page(staff)


def test_what_cannot_be_reached_is_said(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("away")

    monkeypatch.setitem(system.CHECKS, "storage", fail)
    assert "storage: not reachable" in text_of(page(staff))


def test_the_scheduler_tells_that_it_is_there(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Any] = []
    monkeypatch.setattr(Heartbeat, "start", lambda heartbeat: begun.append(heartbeat))
    monkeypatch.setattr("atexit.register", lambda act: None)
    scheduler.begin()
    begun[0]._beat()
    assert WorkerNode.objects.get().kind == "beat"
    shown = text_of(page(staff))
    assert "scheduler: alive" in shown
    assert "No worker has been heard of" in shown


def test_only_what_changes_is_sent_when_the_page_looks_again(staff: Client) -> None:
    part = page(staff, **{"HX-Request": "true"})
    assert "<html" not in part
    assert "Queues" in part
    whole = page(staff)
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in whole
    assert 'hx-trigger="every 10s"' in whole
    assert troubles_of(whole) == troubles_of(part) == []


def test_it_is_for_those_who_may_see_workers(client: Client) -> None:
    assert client.get(reverse("operations")).status_code == 302
    dora = User.objects.create_user("dora", is_staff=True)
    assert client_of(dora).get(reverse("operations")).status_code == 403
    assert "jobs running" not in client_of(dora).get(reverse("admin:index")).content.decode()
    dora.user_permissions.add(Permission.objects.get(codename="view_workernode"))
    assert "Queues" in page(client_of(dora))
    assert client_of(User.objects.create_user("eve")).get(reverse("operations")).status_code == 302
    assert client_of(User.objects.create_superuser("king")).post(reverse("operations")).status_code == 405


def test_the_index_tells_how_it_is_doing(staff: Client, alice: Person) -> None:
    queued(alice, age_s=61)
    ended(alice, "internal")
    shown = text_of(staff.get(reverse("admin:index")).content.decode())
    assert re.search(r"1 jobs ready for a worker 1 failed within 24 hours 1:0\d the longest wait Operations", shown)
    assert "development" in shown
