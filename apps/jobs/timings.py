"""Where the time of a job went: waiting for a worker, then stage by stage."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from apps.jobs.models import WAITING, Job
from framelane.lib import clock

WAITED: Final = "waiting"
STARTED: Final = "starting"


@dataclass(frozen=True, slots=True)
class StageTiming:
    """A stretch of a job's life, in seconds. That of a job that goes on lasts until now."""

    name: str
    started_at: datetime
    duration_s: float


def stage_timings(job: Job) -> list[StageTiming]:
    """The stretches of a job's life without a gap: `waiting`, `starting`, then the stages of its current attempt.

    It waits from its submission until it is first taken up, with the copying of foreign sources in it. It starts until
    its first stage is told: what a worker does beforehand, and whatever earlier attempts have cost.
    """
    moments = [*_moments(job), ("", job.completed_at or clock.now())]
    stretches = (StageTiming(name, at, _between_s(at, until)) for (name, at), (_, until) in pairwise(moments))
    return [stretch for stretch in stretches if stretch.name in (WAITED, *_entered_names(job)) or stretch.duration_s]


def _moments(job: Job) -> Iterator[tuple[str, datetime]]:
    yield WAITED, job.created_at
    if job.started_at is None or job.status in WAITING:
        return
    yield STARTED, job.started_at
    for entry in job.stages:
        yield entry["stage"], datetime.fromisoformat(entry["at"])


def _entered_names(job: Job) -> list[str]:
    return [entry["stage"] for entry in job.stages]


def _between_s(start: datetime, end: datetime) -> float:
    """Never negative: the clocks of web and workers may differ a little."""
    return max(0.0, (end - start).total_seconds())
