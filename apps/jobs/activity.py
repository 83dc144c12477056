"""What a workspace's jobs have come to lately, in figures."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, Q

from apps.jobs.models import ACTIVE, Job, Kind, Status
from apps.workspaces.models import Workspace
from framelane.lib import clock

WINDOW: Final = timedelta(days=7)
MEASURED_RENDERS: Final = 50


@dataclass(frozen=True, slots=True)
class Activity:
    """Of the last seven days, `today` of the current day in UTC. `active` are waiting or running.

    `speed` is how many seconds of film one second of work has made in the latest renders, None before there are any.
    """

    today: int
    week: int
    active: int
    failed: int
    has_rendered: bool
    speed: float | None


def activity_of(workspace: Workspace) -> Activity:
    """The figures, in two queries that read no more than the window and MEASURED_RENDERS rows."""
    now = clock.now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    counts = Job.objects.filter(workspace=workspace, created_at__gte=now - WINDOW).aggregate(
        today=Count("id", filter=Q(created_at__gte=midnight)),
        week=Count("id"),
        active=Count("id", filter=Q(status__in=ACTIVE)),
        failed=Count("id", filter=Q(status=Status.FAILED)),
    )
    measured = _latest_renders(workspace)
    return Activity(**counts, has_rendered=bool(measured), speed=_speed(measured))


def _latest_renders(workspace: Workspace) -> list[tuple[Any, ...]]:
    made = Job.objects.filter(workspace=workspace, kind=Kind.RENDER, status=Status.COMPLETED)
    fields = ("output_duration_s", "started_at", "stages", "completed_at")
    return list(made.order_by("-created_at", "-id").values_list(*fields)[:MEASURED_RENDERS])


def _speed(renders: list[tuple[Any, ...]]) -> float | None:
    """All that was made by all the work that it took, so that long films weigh more; stills count for nothing."""
    films = [(made_s, _work_s(*times)) for made_s, *times in renders if made_s]
    work_s = sum(work_s for _, work_s in films)
    return sum(made_s for made_s, _ in films) / work_s if work_s > 0 else None


def _work_s(started_at: datetime | None, stages: list[dict[str, str]], completed_at: datetime) -> float:
    began = datetime.fromisoformat(stages[0]["at"]) if stages else started_at
    return max(0.0, (completed_at - began).total_seconds()) if began is not None else 0.0
