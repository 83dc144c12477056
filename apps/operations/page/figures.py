"""What the page of operations shows, in one query for each table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Subquery
from ulid import ULID

from apps.jobs.models import Job, Kind, Status
from apps.jobs.services.submit import RENDER_QUEUE, TASK_QUEUES
from apps.operations.metrics import backlogs
from apps.operations.metrics.backlogs import Backlog
from apps.operations.models import WorkerNode
from apps.operations.nodes import is_up
from framelane.lib import clock

QUEUES: Final = (RENDER_QUEUE, *TASK_QUEUES.values())
WINDOWS: Final = {"1 h": timedelta(hours=1), "24 h": timedelta(hours=24), "7 d": timedelta(days=7)}
_HIGHEST: Final = "Z" * 26


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Jobs of one queue. `held` wait by themselves, for an upload or a while. `oldest` is the first that is ready."""

    name: str
    ready: int
    held: int
    running: int
    workers: int
    oldest: Job | None
    oldest_s: float


@dataclass(frozen=True, slots=True)
class Failures:
    """How many jobs failed with this code, in each of the windows."""

    code: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What became of the jobs that ended, in each of the windows; `rates` are percentages of what was not cancelled."""

    ended: tuple[int, ...]
    failed: tuple[int, ...]
    by_code: tuple[Failures, ...]

    @property
    def rates(self) -> tuple[str, ...]:
        pairs = zip(self.failed, self.ended, strict=True)
        return tuple(f"{100 * failed / ended:.1f} %" if ended else "-" for failed, ended in pairs)


def queues(workers: Iterable[WorkerNode]) -> list[QueueFigures]:
    """Every queue, served or not."""
    states = ("queue", "status", "held")
    rows = Job.objects.filter(completed_at=None).order_by().values(*states).annotate(jobs=Count("id"))
    counts = {(row["queue"], row["status"], row["held"]): int(row["jobs"]) for row in rows}
    oldest = {job.queue: job for job in _oldest_of({key[0] for key in counts})}
    live = [worker for worker in workers if is_up(worker)]
    names = [*QUEUES, *sorted({key[0] for key in counts} - {*QUEUES})]
    return [_queue(name, counts, oldest.get(name), live) for name in names]


def _queue(name: str, counts: dict[Any, int], oldest: Job | None, live: list[WorkerNode]) -> QueueFigures:
    waits_s = max(0.0, (clock.now() - oldest.created_at).total_seconds()) if oldest else 0.0
    return QueueFigures(
        name=name,
        ready=counts.get((name, Status.QUEUED, False), 0),
        held=counts.get((name, Status.QUEUED, True), 0) + counts.get((name, Status.INGESTING, False), 0),
        running=sum(count for key, count in counts.items() if key[:2] == (name, Status.PROCESSING)),
        workers=sum(name in worker.queues for worker in live),
        oldest=oldest,
        oldest_s=waits_s,
    )


def _oldest_of(names: set[str]) -> QuerySet[Job]:
    """The job of each queue that has been ready for longest."""
    ready = Job.objects.filter(status=Status.QUEUED, held=False).order_by("created_at", "id").values("id")
    firsts = [Q(id=Subquery(ready.filter(queue=name)[:1])) for name in sorted(names)]
    return Job.objects.filter(reduce(or_, firsts, Q(pk__in=[]))).only("id", "queue", "created_at")


def outcomes() -> Outcomes:
    """What ended within the last week, by the index of ids: they begin with the time at which they were made."""
    now = clock.now()
    made_since = now - max(WINDOWS.values()) - timedelta(seconds=settings.FRAMELANE_JOB_DEADLINE_S)
    rows = Job.objects.filter(_made_since(made_since), status__in=(Status.COMPLETED, Status.FAILED)).order_by()
    windows = {
        f"window_{n}": Count("id", filter=Q(completed_at__gte=now - span)) for n, span in enumerate(WINDOWS.values())
    }
    by_code: Any = rows.values("error_code").annotate(**windows)
    found = [(row["error_code"], tuple(row[name] for name in windows)) for row in by_code]
    failures = [Failures(code, counts) for code, counts in found if code and any(counts)]
    failures.sort(key=lambda one: (-one.counts[-1], one.code))
    return Outcomes(
        ended=_sum(counts for _, counts in found),
        failed=_sum(one.counts for one in failures),
        by_code=tuple(failures),
    )


def _sum(rows: Iterable[tuple[int, ...]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*rows, strict=True))) or (0,) * len(WINDOWS)


def _made_since(moment: datetime) -> Q:
    first = ULID.from_datetime(moment)
    ranges = (Q(id__gte=f"{kind}_{str(first)[:10]}", id__lte=f"{kind}_{_HIGHEST}") for kind in Kind.values)
    return reduce(or_, ranges)


def waiting() -> dict[str, Backlog]:
    """What waits in the outboxes, by what the staff calls it."""
    return {"Webhooks": backlogs.webhooks(), "Mails": backlogs.mails(), "Events": backlogs.events()}
