"""Renders and tasks in one list, newest first, in pages that can be walked both ways."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from apps.jobs.models import Job, Kind
from apps.workspaces.models import Workspace
from framelane.lib import ids

PAGE_ROWS: Final = 25
SEARCHED_ROWS: Final = 1000
"""How many jobs one search of metadata looks through: no index finds text in them. The next page looks further."""
_ID_PREFIXES: Final = tuple(f"{kind}_" for kind in Kind.values)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two rows of the list: right after the row with these fields."""

    created_at: datetime
    id: str

    @classmethod
    def parse(cls, text: str) -> "Mark":
        """The mark that `str` has written. Raises ValueError."""
        moment, _, job_id = text.partition("~")
        created_at = datetime.fromisoformat(moment)
        # Of another zone it may lie beyond the calendar.
        if created_at.tzinfo != UTC or not ids.is_id(job_id, *Kind.values):
            raise ValueError(f"{text[:80]!r} is no place in a list of jobs")
        return cls(created_at, job_id)

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()}~{self.id}"

    @property
    def older(self) -> Q:
        return Q(created_at__lt=self.created_at) | Q(created_at=self.created_at, id__lt=self.id)

    @property
    def newer(self) -> Q:
        return Q(created_at__gt=self.created_at) | Q(created_at=self.created_at, id__gt=self.id)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is listed; whatever is empty excludes nothing. From `since` (inclusive) to `until` (exclusive).

    `text` is an id or the beginning of one, or else something to be found in the values of metadata, in either case.
    """

    kind: Kind | None = None
    task_type: str = ""
    status: str = ""
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    @property
    def is_for_ids(self) -> bool:
        return self.text.startswith(_ID_PREFIXES)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page. `newer` and `older` are the marks that the neighbouring pages begin behind, None where there is none.

    `searched` is how many jobs a search of metadata has looked through, None for what was no such search.
    """

    rows: list[Job]
    newer: Mark | None
    older: Mark | None
    searched: int | None = None


def find_jobs(workspace: Workspace, job_ids: Iterable[str]) -> list[Job]:
    """Those of the ids that are renders or tasks of the workspace, newest first; the others are passed over."""
    wanted = [job_id for job_id in job_ids if ids.is_id(job_id, *Kind.values)]
    found = Job.objects.filter(workspace=workspace, id__in=wanted) if wanted else []
    return sorted(found, key=lambda job: (job.created_at, job.id), reverse=True)


def list_jobs(
    workspace: Workspace,
    wanted: Wanted,
    *,
    older_than: Mark | None = None,
    newer_than: Mark | None = None,
    limit: int = PAGE_ROWS,
) -> Listed:
    """The newest jobs that are wanted, or those next to a mark; of two marks the newer-than one counts."""
    if wanted.text and not wanted.is_for_ids:
        return _searched(workspace, wanted, older_than, newer_than, limit)
    rows = _walk(_branches(workspace, wanted), older_than, newer_than, limit + 1)
    has_more, rows = len(rows) > limit, rows[:limit]
    return _page(rows, _mark(rows[-1]) if has_more else None, older_than, newer_than)


def _page(
    rows: list[Job], further: Mark | None, older_than: Mark | None, newer_than: Mark | None, searched: int | None = None
) -> Listed:
    """`rows` in the order in which they were met; `further` is where to go on in that direction."""
    if newer_than is not None:
        back = _mark(rows[0]) if rows else newer_than
        return Listed(rows[::-1], further, back, searched)
    back_up = _mark(rows[0]) if rows else older_than
    return Listed(rows, back_up if older_than is not None else None, further, searched)


def _mark(job: Job) -> Mark:
    return Mark(job.created_at, job.id)


def _walk(jobs: list[QuerySet[Job]], older_than: Mark | None, newer_than: Mark | None, limit: int) -> list[Job]:
    """The first `limit` rows of the branches together, away from the mark."""
    going_up = newer_than is not None
    order = ("created_at", "id") if going_up else ("-created_at", "-id")
    where = newer_than.newer if newer_than is not None else older_than.older if older_than is not None else Q()
    found = [job for branch in jobs for job in branch.filter(where).order_by(*order)[:limit]]
    return sorted(found, key=lambda job: (job.created_at, job.id), reverse=not going_up)[:limit]


def _branches(workspace: Workspace, wanted: Wanted) -> list[QuerySet[Job]]:
    """Queries that an index answers in order: a status is indexed within a kind, see the indexes of Job."""
    jobs = Job.objects.filter(workspace=workspace, **_fields(wanted))
    if wanted.is_for_ids:
        jobs = jobs.filter(id__startswith=wanted.text)
    if wanted.kind is not None:
        return [jobs.filter(kind=wanted.kind)]
    if wanted.task_type:
        return [jobs.filter(kind=Kind.TASK)]
    return [jobs.filter(kind=kind) for kind in Kind] if wanted.status else [jobs]


def _fields(wanted: Wanted) -> dict[str, Any]:
    fields = {
        "task_type": wanted.task_type,
        "status": wanted.status,
        "created_at__gte": wanted.since,
        "created_at__lt": wanted.until,
    }
    return {name: value for name, value in fields.items() if value}


def _searched(
    workspace: Workspace, wanted: Wanted, older_than: Mark | None, newer_than: Mark | None, limit: int
) -> Listed:
    """Look through the metadata of the next SEARCHED_ROWS jobs, and show what is found among them."""
    needle = wanted.text.casefold()
    # Without the requests, which may be large.
    branches = [jobs.only("id", "created_at", "metadata") for jobs in _branches(workspace, wanted)]
    seen = _walk(branches, older_than, newer_than, SEARCHED_ROWS)
    found = [job for job in seen if any(needle in str(value).casefold() for value in job.metadata.values())]
    shown = found[:limit]
    further = None
    if len(found) > limit:
        further = _mark(shown[-1])
    elif len(seen) == SEARCHED_ROWS:
        further = _mark(seen[-1])
    whole = Job.objects.in_bulk([job.id for job in shown])
    # A job may go between the two queries, with its whole workspace.
    rows = [whole[job.id] for job in shown if job.id in whole]
    return _page(rows, further, older_than, newer_than, len(seen))
