"""Where the time of a job went, as a bar."""

from dataclasses import dataclass

from apps.console.doing import STAGE_NAMES
from apps.jobs.models import Job
from apps.jobs.timings import STARTED, WAITED, stage_timings


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of the bar; `x` and `width` are percentages of it. `stage` is the name in the class of its colour."""

    stage: str
    name: str
    duration_s: float
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Course:
    """The life of a job. `waited_s` is before it was first taken up, `worked_s` all that came after.

    `speed` is how many seconds of output one second of work has made, None for what has no length.
    """

    stretches: list[Stretch]
    waited_s: float
    worked_s: float
    speed: float | None


def course_of(job: Job) -> Course:
    """What `stage_timings` says, as shares of the whole."""
    timings = stage_timings(job)
    total_s = sum(timing.duration_s for timing in timings) or 1.0
    stretches, x = [], 0.0
    for timing in timings:
        width = 100 * timing.duration_s / total_s
        name = STAGE_NAMES.get(timing.name, timing.name)
        stretches.append(Stretch(timing.name, name, timing.duration_s, f"{x:.3f}", f"{width:.3f}"))
        x += width
    worked_s = sum(timing.duration_s for timing in timings if timing.name != WAITED)
    waited_s = sum(timing.duration_s for timing in timings if timing.name == WAITED)
    return Course(stretches, waited_s, worked_s, _speed(job))


def _speed(job: Job) -> float | None:
    """By the work of the attempt that succeeded, without its start."""
    made_s = job.output_duration_s or 0
    stages_s = sum(timing.duration_s for timing in stage_timings(job) if timing.name not in (WAITED, STARTED))
    return made_s / stages_s if job.completed_at is not None and made_s > 0 and stages_s > 0 else None
