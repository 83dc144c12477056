"""Senders that want the same attempt at the same instant, and lines that must not hold each other up."""

import time
from collections import Counter
from datetime import timedelta
from threading import Event

import pytest

from apps.events.services import relay_due
from apps.webhooks import services
from apps.webhooks.claims import MAX_IN_FLIGHT, MAX_IN_FLIGHT_OF_WORKSPACE, claim_next, hint_due
from apps.webhooks.models import Attempt, Endpoint, Secret, Status
from apps.webhooks.secrets import ensure_workspace_secret, rotate_workspace_secret
from apps.webhooks.sending import deliver_next
from framelane.lib import clock
from tests.people import Person, make_person
from tests.threads import at_once
from tests.webhooks.conftest import listening, submitted, target_of, tell
from tests.webhooks.receivers import Receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def alice() -> Person:
    return make_person("Alice")


def test_eight_senders_never_send_an_attempt_twice(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    events = [tell(alice, "render.failed") for _ in range(12)]

    def send() -> None:
        give_up_at, pause = time.monotonic() + 120, Event()
        while _pending() and time.monotonic() < give_up_at:
            if deliver_next(target_of(endpoint)) is None:
                pause.wait(0.01)

    at_once(*(send for _ in range(8)))
    assert Counter(call.headers["webhook-id"] for call in receiver.calls) == {event.id: 1 for event in events}
    assert {attempt.status for attempt in Attempt.objects.all()} == {Status.SUCCEEDED}
    assert {attempt.claims for attempt in Attempt.objects.all()} == {1}


def _pending() -> bool:
    return Attempt.objects.filter(status=Status.PENDING).exists()


def test_one_of_eight_senders_gets_the_attempt(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    tell(alice, "render.failed")
    claims = at_once(*(lambda: claim_next(target_of(endpoint)) for _ in range(8)))
    assert sum(claim is not None for claim in claims) == 1


def test_a_line_takes_a_bounded_number_of_senders(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    for _ in range(MAX_IN_FLIGHT + 4):
        tell(alice, "render.failed")
    claims = at_once(*(lambda: claim_next(target_of(endpoint)) for _ in range(MAX_IN_FLIGHT + 4)))
    assert sum(claim is not None for claim in claims) <= MAX_IN_FLIGHT
    in_flight = Attempt.objects.filter(lease_until__gt=clock.now()).count()
    assert in_flight == MAX_IN_FLIGHT


def test_a_failing_endpoint_takes_one_sender(alice: Person, receiver: Receiver) -> None:
    endpoint, _ = listening(alice, receiver.url)
    Endpoint.objects.update(failing_since=clock.now())
    for _ in range(3):
        tell(alice, "render.failed")
    assert [claim_next(target_of(endpoint)) is not None for _ in range(3)] == [True, False, False]


def test_a_workspace_leaves_senders_for_the_others(alice: Person, receiver: Receiver) -> None:
    bob = make_person("Bob")
    own = [listening(alice, receiver.url)[0] for _ in range(5)]
    bobs, _ = listening(bob, receiver.url)
    for _ in range(MAX_IN_FLIGHT):
        tell(alice, "render.failed")
    tell(bob, "render.failed")
    claims = [claim_next(target_of(endpoint)) for endpoint in own for _ in range(MAX_IN_FLIGHT)]
    assert sum(claim is not None for claim in claims) == MAX_IN_FLIGHT_OF_WORKSPACE
    assert claim_next(target_of(bobs)) is not None


def test_two_relays_plan_one_delivery(alice: Person, receiver: Receiver) -> None:
    listening(alice, receiver.url)
    submitted(alice)
    at_once(relay_due, relay_due, relay_due)
    assert Attempt.objects.count() == 1


def test_the_first_secret_of_a_workspace_is_made_once(alice: Person) -> None:
    at_once(*(lambda: ensure_workspace_secret(workspace_id=alice.workspace.id) for _ in range(6)))
    assert Secret.objects.count() == 1


def test_rotations_at_once_leave_one_current_secret(alice: Person) -> None:
    at_once(*(lambda: rotate_workspace_secret(workspace=alice.workspace) for _ in range(4)))
    assert Secret.objects.filter(valid_until=None).count() == 1
    assert Secret.objects.count() == 4


def test_the_last_place_is_given_once(alice: Person, receiver: Receiver) -> None:
    for _ in range(services.MAX_ENDPOINTS - 1):
        listening(alice, receiver.url)

    def make() -> bool:
        try:
            listening(alice, receiver.url)
        except services.TooManyEndpoints:
            return False
        return True

    assert sorted(at_once(make, make, make, make)) == [False, False, False, True]
    assert Endpoint.objects.count() == services.MAX_ENDPOINTS


def test_the_sweep_hints_at_every_line_that_is_due(
    alice: Person, receiver: Receiver, broker: list[tuple[str, tuple[str | None, ...], str]]
) -> None:
    busy, _ = listening(alice, receiver.url, "render.failed")
    later, _ = listening(alice, receiver.url, "render.queued")
    for event_type in ("render.failed", "render.failed", "render.queued"):
        tell(alice, event_type)
    Attempt.objects.filter(endpoint=later).update(due_at=clock.now() + timedelta(minutes=1))
    broker.clear()
    assert hint_due() == 1
    assert broker == [("apps.webhooks.tasks.deliver", (alice.workspace.id, busy.id), "webhooks")]
