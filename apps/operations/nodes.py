"""Workers as they have told of themselves lately."""

from datetime import timedelta
from typing import Final

from apps.operations.models import WorkerNode
from framelane.lib import clock

SCHEDULER: Final = "beat"
"""The kind of node that the scheduler tells of itself as; it takes no tasks."""
HEARTBEAT_S: Final = 15.0
UP_FOR: Final = timedelta(seconds=4 * HEARTBEAT_S)
"""How long after its last word a worker counts as up."""
FORGOTTEN_AFTER: Final = timedelta(hours=1)
"""How long a worker that has died is shown as down. One that was told to stop is forgotten at once."""


def nodes() -> list[WorkerNode]:
    """Every worker that is not forgotten, by name."""
    return list(WorkerNode.objects.filter(seen_at__gt=clock.now() - FORGOTTEN_AFTER).order_by("name"))


def is_up(node: WorkerNode) -> bool:
    """Whether it has been heard of within the last minute."""
    return node.seen_at > clock.now() - UP_FOR


def live_nodes() -> list[WorkerNode]:
    """The workers that are up."""
    return [node for node in nodes() if is_up(node)]


def forget_gone() -> int:
    """Delete the rows of workers that died long ago; how many."""
    return WorkerNode.objects.filter(seen_at__lte=clock.now() - FORGOTTEN_AFTER).delete()[0]
