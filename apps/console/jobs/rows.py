"""Jobs as rows of a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from apps.console.doing import doing
from apps.console.jobs.sources import names_of
from apps.console.jobs.titles import icon_of, kind_of, title_of
from apps.jobs.models import ACTIVE, Job, Status
from apps.previews.selectors import PreviewLinks, previews_of
from apps.workspaces.models import Workspace
from framelane.lib import clock


@dataclass(frozen=True, slots=True)
class Row:
    """A job of a list. `doing` and `percent` are of one that goes on; `took_s` counts from its start, so far."""

    id: str
    title: str
    kind: str
    icon: str
    status: str
    is_active: bool
    doing: str
    percent: int
    length_s: float | None
    took_s: float | None
    created_at: datetime
    preview: PreviewLinks | None


def rows_of(workspace: Workspace, jobs: Iterable[Job]) -> list[Row]:
    """The rows of some jobs, with the pictures of those that have any: three queries at most."""
    listed = list(jobs)
    made = [job.id for job in listed if job.status == Status.COMPLETED]
    previews = previews_of(workspace, made) if made else {}
    names = names_of(workspace, listed)
    return [_row(job, names, previews.get(job.id)) for job in listed]


def table_of(workspace: Workspace, jobs: Iterable[Job]) -> Mapping[str, Any]:
    """The facts of templates/console/jobs/parts/table.html: the rows, and what to ask for to keep them up to date."""
    rows = rows_of(workspace, jobs)
    return {"rows": rows, "live_query": urlencode([("id", row.id) for row in rows if row.is_active])}


def _row(job: Job, names: Mapping[str, str], preview: PreviewLinks | None) -> Row:
    is_active = job.status in ACTIVE
    return Row(
        id=job.id,
        title=title_of(job, names),
        kind=kind_of(job),
        icon=icon_of(job),
        status=job.status,
        is_active=is_active,
        doing=doing(job) if is_active else "",
        percent=job.progress_percent,
        length_s=job.output_duration_s or None,
        took_s=_took_s(job),
        created_at=job.created_at,
        preview=preview,
    )


def _took_s(job: Job) -> float | None:
    if job.started_at is None or job.status in (Status.QUEUED, Status.INGESTING):
        return None
    return max(0.0, ((job.completed_at or clock.now()) - job.started_at).total_seconds())
