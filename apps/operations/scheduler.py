"""The scheduler tells that it is there as workers do: without it nothing that got lost is ever found again."""

import atexit
import socket

from apps.operations.heartbeat import Heartbeat, Identity
from apps.operations.nodes import SCHEDULER


def begin() -> None:
    """Tell of this process until it ends."""
    who = Identity(name=f"{SCHEDULER}@{socket.gethostname()}", queues=(), concurrency=0)
    heartbeat = Heartbeat(who, busy=lambda: 0, cards=lambda: ())
    heartbeat.start()
    atexit.register(heartbeat.stop)
