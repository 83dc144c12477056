"""A receiver, a clock that can be moved, endpoints of Alice, and senders that run in the test."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import transaction

from apps.events.models import Event
from apps.events.services import record, relay_due
from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.webhooks import schedule
from apps.webhooks.models import Attempt, Endpoint, Status
from apps.webhooks.sending import deliver_next
from apps.webhooks.services import create_endpoint
from apps.webhooks.targets import Target
from framelane.lib import clock
from tests.people import Person
from tests.webhooks.receivers import Receiver, receiving

SCENE: dict[str, Any] = {"duration": 2, "elements": [{"type": "text", "text": "Hello", "duration": 2}]}


class Clock:
    """The time of day, which can be moved ahead."""

    def __init__(self) -> None:
        self._now = clock.now
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._now() + self._ahead

    def move(self, **amount: float) -> None:
        self._ahead += timedelta(**amount)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved.now)
    return moved


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "JITTER", 0.0)


@pytest.fixture(autouse=True)
def loopback(settings: Any) -> None:
    """The platform of a developer, who receives on the own machine."""
    settings.FRAMELANE_NET_ALLOW = ["127.0.0.0/8"]


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...], str]]:
    """What would have been sent to workers: task, arguments, queue."""
    sent: list[tuple[str, tuple[Any, ...], str]] = []

    def send_task(name: str, args: tuple[Any, ...] = (), queue: str = "", **_: Any) -> None:
        sent.append((name, tuple(args), queue))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return sent


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(Receiver()) as started:
        yield started


Listen = Callable[..., Endpoint]


@pytest.fixture
def listen(alice: Person, receiver: Receiver) -> Listen:
    """Makes an endpoint of Alice, or of whoever is given, at the receiver."""

    def call(*events: str, person: Person = alice, url: str = "") -> Endpoint:
        return listening(person, url or receiver.url, *events)[0]

    return call


def listening(person: Person, url: str, *events: str) -> tuple[Endpoint, str]:
    """A new endpoint and its secret."""
    return create_endpoint(workspace=person.workspace, url=url, events=list(events) or ["*"])


def submitted(person: Person, **fields: Any) -> Job:
    return create_render(workspace=person.workspace, payload={**SCENE, **fields})


def tell(person: Person, event_type: str, job: Job | None = None, **changes: Any) -> Event:
    """Record an event of a job, made up as far as the platform does not look into it, and relay it."""
    data = {"job": {"id": "", "kind": "render", "output": None, "progress_percent": 0}}
    if job is not None:
        data["job"]["id"] = job.id
    data["job"].update(changes)
    with transaction.atomic():
        event = record(workspace_id=person.workspace.id, type=event_type, data=data)
        # Defaults of columns know nothing of a clock that was moved.
        Event.objects.filter(id=event.id).update(created_at=clock.now())
    relay_due()
    return event


def target_of(endpoint: Endpoint) -> Target:
    return Target.of(endpoint)


def send_all(limit: int = 100) -> int:
    """Do what the senders would do now, line by line, until nothing is due; how many attempts were made."""
    made = 0
    while made < limit:
        lines = Attempt.objects.filter(status=Status.PENDING).values_list("workspace_id", "endpoint_id").distinct()
        sent = [attempt for line in list(lines) if (attempt := deliver_next(Target(*line))) is not None]
        made += len(sent)
        if not sent:
            return made
    raise AssertionError(f"still sending after {limit} attempts")


def attempts(**where: Any) -> list[Attempt]:
    return list(Attempt.objects.filter(**where).order_by("message_id", "delivery_id", "number"))
