"""What workers tell of themselves, in one query."""

from collections.abc import Iterator

from celery import current_app
from prometheus_client.core import Metric

from apps.operations.metrics.families import gauge
from apps.operations.models import WorkerNode
from apps.operations.nodes import is_up, nodes

WORKER = ("worker", "kind")
GPU = ("host", "gpu", "name")


def of_workers() -> Iterator[Metric]:
    """The workers, the queues that they serve, and their graphics cards."""
    known = nodes()
    live = [node for node in known if is_up(node)]
    up = "1 while a worker reports; 0 for an hour after it died."
    yield gauge("framelane_worker_up", up, WORKER, {_of(node): float(is_up(node)) for node in known})
    slots = "How many tasks a worker runs at once."
    yield gauge("framelane_worker_slots", slots, WORKER, {_of(node): node.concurrency for node in live})
    busy = "How many of them are taken."
    yield gauge("framelane_worker_busy_slots", busy, WORKER, {_of(node): node.busy for node in live})
    yield from _of_disks(live)
    served = "Workers that are up and take tasks of a queue."
    yield gauge("framelane_queue_workers", served, ("queue",), _by_queue(live))
    yield from _of_cards(live)


def _of(node: WorkerNode) -> tuple[str, str]:
    return node.name, node.kind


def _by_queue(live: list[WorkerNode]) -> dict[tuple[str, ...], float]:
    names = [queue.name for queue in current_app.conf.task_queues]
    return {(name,): sum(name in node.queues for node in live) for name in names}


def _of_disks(live: list[WorkerNode]) -> Iterator[Metric]:
    free = {_of(node): node.disk_free_bytes for node in live if node.disk_free_bytes is not None}
    total = {_of(node): node.disk_total_bytes for node in live if node.disk_total_bytes is not None}
    yield gauge("framelane_worker_disk_free_bytes", "Free space where a worker keeps what it works on.", WORKER, free)
    yield gauge("framelane_worker_disk_total_bytes", "The size of that disk.", WORKER, total)


def _of_cards(live: list[WorkerNode]) -> Iterator[Metric]:
    """Each card once, however many workers of a machine see it."""
    used: dict[tuple[str, ...], float] = {}
    total: dict[tuple[str, ...], float] = {}
    for node in sorted(live, key=lambda node: node.seen_at):
        for card in node.gpus:
            labels = (node.host, str(card["index"]), str(card["name"]))
            used[labels], total[labels] = card["used_bytes"], card["total_bytes"]
    yield gauge("framelane_gpu_memory_used_bytes", "Memory of a graphics card that is in use.", GPU, used)
    yield gauge("framelane_gpu_memory_total_bytes", "The memory of a graphics card.", GPU, total)
