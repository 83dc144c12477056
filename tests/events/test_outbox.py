"""Events are written with their change, handed over once it is committed, and never lost to a failing subscriber."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from apps.events import registry, services
from apps.events.models import Event
from framelane.lib import clock
from tests.people import Person

Subscribe = Callable[[str, registry.Subscriber], None]


@pytest.fixture
def subscribe() -> Iterator[Subscribe]:
    subscribed: list[tuple[str, registry.Subscriber]] = []

    def call(prefix: str, subscriber: registry.Subscriber) -> None:
        registry.subscribe(prefix, subscriber)
        subscribed.append((prefix, subscriber))

    yield call
    for prefix, subscriber in subscribed:
        registry.unsubscribe(prefix, subscriber)


def record(person: Person, type: str = "test.happened") -> Event:
    with transaction.atomic():
        return services.record(workspace_id=person.workspace.id, type=type, data={"n": 1})


@pytest.mark.django_db(transaction=True)
def test_refuses_to_record_outside_of_a_transaction(alice: Person) -> None:
    with pytest.raises(RuntimeError, match=r"test\.happened"):
        services.record(workspace_id=alice.workspace.id, type="test.happened", data={})


def test_forgets_the_event_of_a_change_that_is_rolled_back(alice: Person) -> None:
    with transaction.atomic():
        services.record(workspace_id=alice.workspace.id, type="test.happened", data={})
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_hands_events_to_those_who_asked_for_their_type(alice: Person, subscribe: Subscribe) -> None:
    everything: list[str] = []
    some: list[str] = []
    subscribe("", lambda event: everything.append(event.type))
    subscribe("test.", lambda event: some.append(event.type))
    record(alice, "test.one")
    record(alice, "other.two")
    assert services.relay_due() == 2
    assert (everything, some) == (["test.one", "other.two"], ["test.one"])


def test_hands_an_event_over_once(alice: Person, subscribe: Subscribe) -> None:
    seen: list[str] = []
    subscribe("test.", lambda event: seen.append(event.id))
    event = record(alice)
    assert (services.relay_due(), services.relay_due()) == (1, 0)
    assert seen == [event.id]


def test_gives_every_event_an_id_with_its_prefix(alice: Person) -> None:
    assert record(alice).id.startswith("evt_")


def test_tries_again_later_when_a_subscriber_fails(alice: Person, subscribe: Subscribe) -> None:
    outcomes = iter([LookupError("down"), None])

    def subscriber(event: Event) -> None:
        if (error := next(outcomes)) is not None:
            raise error

    subscribe("test.", subscriber)
    event = record(alice)
    assert services.relay_due() == 0
    event.refresh_from_db()
    assert event.relayed_at is None
    assert event.failures == 1
    assert event.due_at > clock.now()

    Event.objects.update(due_at=clock.now() - timedelta(seconds=1))
    assert services.relay_due() == 1


def test_undoes_what_other_subscribers_wrote_when_one_fails(alice: Person, subscribe: Subscribe) -> None:
    def write(event: Event) -> None:
        services.record(workspace_id=event.workspace_id, type="copy", data={})

    def fail(event: Event) -> None:
        raise LookupError("down")

    subscribe("test.", write)
    subscribe("test.", fail)
    record(alice)
    services.relay_due()
    assert not Event.objects.filter(type="copy").exists()


def test_goes_on_with_the_other_events(alice: Person, subscribe: Subscribe) -> None:
    def fail(event: Event) -> None:
        raise LookupError("down")

    subscribe("test.bad", fail)
    record(alice, "test.bad")
    good = record(alice, "test.good")
    assert services.relay_due() == 1
    good.refresh_from_db()
    assert good.relayed_at is not None
