"""The list of renders and tasks together: its pages, its filters, and what it costs."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from apps.jobs.listing import SEARCHED_ROWS, Listed, Mark, Wanted, _branches, list_jobs
from apps.jobs.models import Job, Kind
from framelane.lib import clock, ids
from tests.people import Person


def make_jobs(person: Person, count: int, *, metadata: dict[str, str] | None = None, **fields: Any) -> list[Job]:
    """Finished jobs, every third of them a task; some share a moment."""
    now = clock.now()
    jobs = []
    for number in range(count):
        kind = Kind.TASK if number % 3 == 0 else Kind.RENDER
        job = {
            "id": ids.new_id(kind),
            "kind": kind,
            "task_type": "transcribe" if kind == Kind.TASK else "",
            "status": "completed" if number % 2 else "cancelled",
            "created_at": now - timedelta(seconds=number // 2),
            "completed_at": now,
            "request": {},
            "metadata": metadata or {"number": f"№ {number}"},
            "queue": kind,
            "deadline": now,
        }
        jobs.append(Job(workspace=person.workspace, **{**job, **fields}))
    return Job.objects.bulk_create(jobs)


def pages(person: Person, wanted: Wanted, limit: int) -> Iterator[Listed]:
    """Every page from the newest to the oldest."""
    page = list_jobs(person.workspace, wanted, limit=limit)
    yield page
    while page.older is not None:
        page = list_jobs(person.workspace, wanted, older_than=page.older, limit=limit)
        yield page


def expected(person: Person, **fields: Any) -> list[str]:
    jobs = Job.objects.filter(workspace=person.workspace, **fields).order_by("-created_at", "-id")
    return [job.id for job in jobs]


FILTERS: list[tuple[Wanted, dict[str, Any]]] = [
    (Wanted(), {}),
    (Wanted(kind=Kind.RENDER), {"kind": "render"}),
    (Wanted(status="completed"), {"status": "completed"}),
    (Wanted(kind=Kind.TASK, status="cancelled"), {"kind": "task", "status": "cancelled"}),
    (Wanted(task_type="transcribe"), {"task_type": "transcribe"}),
    (Wanted(task_type="transcribe", kind=Kind.RENDER), {"task_type": "transcribe", "kind": "render"}),
    (Wanted(text="task_"), {"kind": "task"}),
    (Wanted(text="№"), {}),
]


@pytest.mark.parametrize("limit", [1, 7, 60])
@pytest.mark.parametrize(("wanted", "fields"), FILTERS)
def test_pages_show_every_job_once_in_order(
    alice: Person, bob: Person, limit: int, wanted: Wanted, fields: dict[str, Any]
) -> None:
    make_jobs(alice, 60)
    make_jobs(bob, 5)
    assert [job.id for page in pages(alice, wanted, limit) for job in page.rows] == expected(alice, **fields)


@pytest.mark.parametrize(("wanted", "fields"), FILTERS)
def test_the_way_back_leads_over_the_same_pages(alice: Person, wanted: Wanted, fields: dict[str, Any]) -> None:
    make_jobs(alice, 60)
    there = [[job.id for job in page.rows] for page in pages(alice, wanted, 7)]
    page = list(pages(alice, wanted, 7))[-1]
    back = [[job.id for job in page.rows]]
    while page.newer is not None:
        page = list_jobs(alice.workspace, wanted, newer_than=page.newer, limit=7)
        back.append([job.id for job in page.rows])
    assert back[::-1] == there


def test_dates_bound_the_list(alice: Person) -> None:
    jobs = make_jobs(alice, 20)
    since, until = jobs[15].created_at, jobs[4].created_at
    found = list_jobs(alice.workspace, Wanted(since=since, until=until)).rows
    assert {job.created_at for job in found} == {job.created_at for job in jobs if since <= job.created_at < until}


def test_metadata_are_searched_in_either_case_by_their_values_alone(alice: Person) -> None:
    make_jobs(alice, 4)
    (wanted,) = make_jobs(alice, 1, metadata={"title": 'Über 100 % \\ "Meer"'})
    for text in ("über", "100 %", '"meer"', "\\"):
        assert [job.id for job in list_jobs(alice.workspace, Wanted(text=text)).rows] == [wanted.id], text
    assert list_jobs(alice.workspace, Wanted(text="title")).rows == []


def test_an_id_is_found_whole_and_by_its_beginning(alice: Person) -> None:
    jobs = make_jobs(alice, 5)
    assert [job.id for job in list_jobs(alice.workspace, Wanted(text=jobs[3].id)).rows] == [jobs[3].id]
    assert len(list_jobs(alice.workspace, Wanted(text=jobs[3].id[:10])).rows) > 0


@pytest.mark.slow
def test_a_search_looks_through_a_bounded_number_and_goes_on_from_there(alice: Person) -> None:
    make_jobs(alice, SEARCHED_ROWS + 10)
    oldest = Job.objects.order_by("created_at", "id").first()
    assert oldest is not None
    Job.objects.filter(id=oldest.id).update(metadata={"title": "needle"})
    first = list_jobs(alice.workspace, Wanted(text="needle"))
    assert (first.rows, first.searched) == ([], SEARCHED_ROWS)
    assert first.older is not None
    second = list_jobs(alice.workspace, Wanted(text="needle"), older_than=first.older)
    assert [job.id for job in second.rows] == [oldest.id]
    assert (second.searched, second.older) == (10, None)


@pytest.mark.parametrize("text", ["", "~", "2026-01-01~render_1", "no~render_01J8QR2K5VKDGN2T4FBM3CZYX7", "\0~\0"])
def test_a_mark_that_no_list_wrote_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"iso|no place"):
        Mark.parse(text)


def test_a_mark_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no place in a list"):
        Mark.parse("2026-01-01T00:00:00~render_01J8QR2K5VKDGN2T4FBM3CZYX7")


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "job_list_of_both"),
        (Wanted(status="failed"), "job_list_by_status"),
        (Wanted(kind=Kind.TASK), "job_list"),
        (Wanted(task_type="transcribe"), "job_list_by_type"),
    ],
)
def test_every_list_is_read_in_the_order_of_an_index(alice: Person, wanted: Wanted, index: str) -> None:
    if connection.vendor == "postgresql":
        # Of so few rows it would rather read and sort all.
        with connection.cursor() as cursor:
            for way in ("seqscan", "sort", "bitmapscan"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
    for branch in _branches(alice.workspace, wanted):
        plan = branch.order_by("-created_at", "-id")[:26].explain()
        # Of the indexes that are in order, PostgreSQL takes any while there are no rows.
        assert f"{index} " in plan or (connection.vendor == "postgresql" and " job_list" in plan)
        assert "B-TREE" not in plan
        assert "Sort" not in plan
