"""How Stripe brings its events: signed, in any order, and some of them more than once."""

import hashlib
import hmac
import json
import time
from collections.abc import Callable, Sequence
from random import Random

from tests.stripe_server.objects import WEBHOOK_SECRET, Data


def signature(body: bytes, secret: str = WEBHOOK_SECRET, at: float | None = None) -> str:
    """The `Stripe-Signature` of a body. https://docs.stripe.com/webhooks#verify-manually"""
    seconds = int(time.time() if at is None else at)
    digest = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def deliver(
    events: Sequence[Data], send: Callable[[bytes, str], int], *, times: int = 1, order: Random | None = None
) -> list[int]:
    """Send each event so many times, shuffled by `order` where there is one; the statuses that came back."""
    queue = [event for event in events for _ in range(times)]
    if order is not None:
        order.shuffle(queue)
    bodies = [json.dumps(event, indent=2).encode() for event in queue]
    return [send(body, signature(body)) for body in bodies]
