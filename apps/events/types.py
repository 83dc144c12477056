"""The types of events that customers can subscribe to, and what each of them tells."""

from typing import Final

_JOB_MOMENTS: Final = {
    "queued": "was accepted and waits for a worker",
    "processing": "was taken up by a worker",
    "progress": "has moved on; at most one every 5 seconds and every 10 percent",
    "completed": "is done, and its output can be fetched",
    "failed": "ended without a result",
    "cancelled": "ended because somebody asked for it",
}

EVENT_TYPES: Final[dict[str, str]] = {
    **{f"render.{moment}": f"A render {what}." for moment, what in _JOB_MOMENTS.items()},
    **{f"task.{moment}": f"A task {what}." for moment, what in _JOB_MOMENTS.items()},
    "asset.ready": "A file was received, examined, and can be used.",
    "asset.failed": "A file did not arrive, or cannot be used.",
}
"""Every type with its meaning."""

EVERYTHING: Final = "*"
AREAS: Final = tuple(dict.fromkeys(name.partition(".")[0] for name in EVENT_TYPES))

PATTERNS: Final = (EVERYTHING, *(f"{area}.*" for area in AREAS), *EVENT_TYPES)
"""What a subscription may name: everything, a whole area, or one type."""


def matches(patterns: list[str], event_type: str) -> bool:
    """Whether any of the patterns covers the type."""
    area = event_type.partition(".")[0]
    return any(pattern in (EVERYTHING, f"{area}.*", event_type) for pattern in patterns)


def is_progress(event_type: str) -> bool:
    """Whether the event is one of many that tell of the same job's advance."""
    return event_type.endswith(".progress")
