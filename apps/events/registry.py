"""Who wants to hear of which events. Apps subscribe when they are ready, in every process alike."""

from collections.abc import Callable

from apps.events.models import Event

Subscriber = Callable[[Event], None]

_subscribers: list[tuple[str, Subscriber]] = []


def subscribe(type_prefix: str, subscriber: Subscriber) -> None:
    """Call `subscriber` with every event whose type begins with `type_prefix` (`asset.`, `render.completed`, or "").

    It runs inside the transaction that marks the event as relayed: what it writes to the database happens exactly
    once. What it does elsewhere may happen again, so that belongs into `transaction.on_commit`. When it raises, the
    event is handed to all its subscribers again later.
    """
    if (type_prefix, subscriber) not in _subscribers:
        _subscribers.append((type_prefix, subscriber))


def unsubscribe(type_prefix: str, subscriber: Subscriber) -> None:
    """Undo `subscribe`. Raises ValueError for one that never subscribed."""
    _subscribers.remove((type_prefix, subscriber))


def subscribers_of(event_type: str) -> list[Subscriber]:
    """In the order in which they subscribed."""
    return [subscriber for type_prefix, subscriber in _subscribers if event_type.startswith(type_prefix)]
