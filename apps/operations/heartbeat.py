"""What every worker tells of itself: a row of its own, rewritten every fifteen seconds by its main process.

Not Celery's own heartbeats: the embedded broker carries none, and the web would have to listen for them.
"""

import logging
import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from threading import Event, Thread
from typing import Any, Final

from celery.worker import state
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections

from apps.operations.models import WorkerNode
from apps.operations.nodes import HEARTBEAT_S, forget_gone
from framelane.lib import clock
from gpu_tasks.cards import CardMemory, memory_of_cards

log = logging.getLogger(__name__)

_STOP_TIMEOUT_S: Final = 5.0

Cards = Callable[[], tuple[CardMemory, ...]]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which worker it is; `name` is its node name, `cpu@host`."""

    name: str
    queues: tuple[str, ...]
    concurrency: int
    started_at: datetime = field(default_factory=clock.now)

    @property
    def kind(self) -> str:
        """`cpu`, `gpu`, `io`, ...: what stands before the @, without a number."""
        return self.name.partition("@")[0].rstrip("0123456789") or "worker"

    @property
    def host(self) -> str:
        return self.name.partition("@")[2] or socket.gethostname()


def tell(who: Identity, *, busy: int, cards: tuple[CardMemory, ...]) -> None:
    """Write the worker's row as of now."""
    disk = shutil.disk_usage(settings.FRAMELANE_SCRATCH)
    WorkerNode.objects.update_or_create(
        name=who.name,
        defaults={
            "kind": who.kind,
            "host": who.host,
            "pid": os.getpid(),
            "version": settings.FRAMELANE_VERSION,
            "queues": sorted(who.queues),
            "concurrency": who.concurrency,
            "busy": busy,
            "gpus": [asdict(card) for card in cards],
            "disk_free_bytes": disk.free,
            "disk_total_bytes": disk.total,
            "started_at": who.started_at,
            "seen_at": clock.now(),
        },
    )


def busy_places() -> int:
    """How many tasks this worker is working on."""
    return len(state.active_requests)


class Heartbeat(Thread):
    """Tells of a worker until it is stopped; then its row goes, and nobody takes it for one that has died."""

    def __init__(
        self,
        who: Identity,
        *,
        busy: Callable[[], int] = busy_places,
        cards: Cards = memory_of_cards,
        interval_s: float = HEARTBEAT_S,
    ) -> None:
        super().__init__(name="heartbeat", daemon=True)
        self._who, self._busy, self._cards, self._interval_s = who, busy, cards, interval_s
        self._over = Event()

    def run(self) -> None:
        while not self._over.is_set():
            self._attempt(self._beat)
            self._over.wait(self._interval_s)
        self._attempt(self._leave)

    def stop(self) -> None:
        """Ends within seconds; the worker waits for it no longer than that."""
        self._over.set()
        self.join(_STOP_TIMEOUT_S)

    def _beat(self) -> None:
        tell(self._who, busy=self._busy(), cards=self._cards())
        forget_gone()

    def _leave(self) -> None:
        # One of the same name may have taken over.
        WorkerNode.objects.filter(name=self._who.name, pid=os.getpid()).delete()

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except (DatabaseError, InterfaceError, OSError):
            log.exception("%s could not tell that it is there", self._who.name)
        finally:
            # Processes that the worker forks meanwhile must not inherit an open one.
            connections.close_all()


_running: list[Heartbeat] = []


def begin(consumer: Any) -> None:
    """Start to tell of the Celery worker that `consumer` belongs to. A worker may become ready more than once."""
    end()
    queues = tuple(queue.name for queue in consumer.task_consumer.queues)
    who = Identity(name=consumer.hostname, queues=queues, concurrency=consumer.controller.concurrency)
    heartbeat = Heartbeat(who)
    _running.append(heartbeat)
    heartbeat.start()


def end() -> None:
    """The worker has been told to stop."""
    while _running:
        _running.pop().stop()
