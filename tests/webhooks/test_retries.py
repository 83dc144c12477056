"""A delivery that fails is tried again, later and later, until it is dead."""

from datetime import timedelta
from typing import Any

import pytest

from apps.mail.models import Mail
from apps.webhooks import schedule
from apps.webhooks.claims import claim_next
from apps.webhooks.models import Attempt, DisabledReason, Endpoint, Status
from apps.webhooks.outcomes import Outcome, settle
from tests.people import Person
from tests.webhooks.conftest import Clock, Listen, attempts, listening, send_all, target_of, tell
from tests.webhooks.receivers import Receiver, answers

DELAYS_S = [5, 30, 120, 600, 3600, 10_800, 28_800, 86_400]


@pytest.fixture
def failing(receiver: Receiver) -> Receiver:
    receiver.behaviour = answers(500)
    return receiver


def test_retries_come_at_the_promised_times_and_then_the_delivery_is_dead(
    alice: Person, failing: Receiver, listen: Listen, time: Clock
) -> None:
    listen()
    tell(alice, "render.failed")
    assert send_all() == 1
    for number, delay_s in enumerate(DELAYS_S, start=1):
        made, planned = attempts()[-2:]
        assert (made.number, made.status) == (number, Status.FAILED)
        assert made.next_retry_at == planned.due_at
        assert abs((planned.due_at - made.attempted_at).total_seconds() - delay_s) < 5
        time.move(seconds=delay_s - 5)
        assert send_all() == 0
        time.move(seconds=6)
        assert send_all() == 1
    last = attempts()[-1]
    assert (last.number, last.status, last.next_retry_at) == (9, Status.DEAD, None)
    time.move(days=30)
    assert send_all() == 0
    assert len(failing.calls) == 9
    assert len({call.headers["webhook-id"] for call in failing.calls}) == 1
    assert len({call.body for call in failing.calls}) == 1
    assert len({attempt.delivery_id for attempt in attempts()}) == 1


def test_a_success_ends_the_retries(alice: Person, failing: Receiver, listen: Listen, time: Clock) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    send_all()
    failing.behaviour = answers(200)
    time.move(seconds=6)
    assert send_all() == 1
    assert [attempt.status for attempt in attempts()] == [Status.FAILED, Status.SUCCEEDED]
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.failures) == (None, 0)


def test_waits_differ_by_a_fifth(monkeypatch: pytest.MonkeyPatch, time: Clock) -> None:
    monkeypatch.setattr(schedule, "JITTER", 0.2)
    waits_s = [(schedule.retry_at(5) - time.now()).total_seconds() for _ in range(200)]
    assert 2879 < min(waits_s) < 3100
    assert 4100 < max(waits_s) < 4321


def test_dead_deliveries_are_listed_and_can_be_sent_again(alice: Person, failing: Receiver, listen: Listen) -> None:
    endpoint = listen()
    event = tell(alice, "render.failed")
    Attempt.objects.update(number=9)
    send_all()
    path = f"/v1/webhooks/{endpoint.id}/deliveries"
    (dead,) = alice.get(f"{path}?status=dead").json()["data"]
    assert dead["attempt_number"] == 9
    failing.behaviour = answers(200)
    assert alice.client.post(f"{path}/{dead['delivery_id']}/redeliver").status_code == 202
    assert send_all() == 1
    assert failing.calls[-1].headers["webhook-id"] == event.id


def test_a_redelivery_is_retried_like_the_first_time(
    alice: Person, failing: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    send_all()
    (made, _) = attempts()
    alice.client.post(f"/v1/webhooks/{endpoint.id}/deliveries/{made.delivery_id}/redeliver")
    send_all()
    again = attempts(by_hand=True)
    assert [attempt.status for attempt in again] == [Status.FAILED, Status.PENDING]
    assert again[0].delivery_id != made.delivery_id


# --- The end of an endpoint -------------------------------------------------------------------------------------------


def fail_until(person: Person, time: Clock, days: int, each_days: float = 1) -> None:
    """An event now and then, each tried as often as the time allows."""
    end = time.now() + timedelta(days=days)
    while time.now() < end:
        tell(person, "render.failed")
        send_all()
        time.move(seconds=6)
        send_all()
        time.move(days=each_days)


def test_an_endpoint_that_failed_for_five_days_is_disabled_and_its_owner_told(
    alice: Person, failing: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    fail_until(alice, time, days=5)
    endpoint.refresh_from_db()
    assert endpoint.enabled
    tell(alice, "render.failed")
    send_all()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, DisabledReason.FAILING)
    (mail,) = Mail.objects.all()
    assert (mail.to, mail.template, mail.workspace) == (alice.workspace.email, "webhook_disabled", alice.workspace)
    assert (mail.context["url"], mail.context["webhook_id"]) == (endpoint.url, endpoint.id)
    assert not Attempt.objects.filter(status=Status.PENDING).exists()
    calls = len(failing.calls)
    tell(alice, "render.failed")
    time.move(days=2)
    assert send_all() == 0
    assert len(failing.calls) == calls


def test_one_success_in_between_keeps_it(alice: Person, failing: Receiver, listen: Listen, time: Clock) -> None:
    endpoint = listen()
    fail_until(alice, time, days=4)
    failing.behaviour = answers(200)
    tell(alice, "render.queued")
    send_all()
    failing.behaviour = answers(500)
    fail_until(alice, time, days=4)
    endpoint.refresh_from_db()
    assert endpoint.enabled
    assert not Mail.objects.exists()


def test_two_hiccups_with_a_quiet_week_between_keep_it(
    alice: Person, failing: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    for percent in (10, 50):
        tell(alice, "render.progress", progress_percent=percent)
        send_all()
        time.move(seconds=6)
        send_all()
        time.move(days=8)
    endpoint.refresh_from_db()
    assert endpoint.failures == 4
    assert endpoint.enabled


def test_gone_disables_at_once(alice: Person, receiver: Receiver, listen: Listen) -> None:
    endpoint = listen()
    receiver.behaviour = answers(410)
    tell(alice, "render.failed")
    tell(alice, "render.queued")
    assert send_all() == 1
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, DisabledReason.GONE)
    assert {attempt.status for attempt in attempts()} == {Status.DEAD}
    assert Mail.objects.count() == 1


def test_one_endpoint_that_is_gone_takes_no_other_along(alice: Person, receiver: Receiver) -> None:
    gone, _ = listening(alice, f"{receiver.url}/gone")
    stays, _ = listening(alice, receiver.url)

    def behave(handler: Any) -> None:
        answers(410 if handler.path.endswith("/gone") else 200)(handler)

    receiver.behaviour = behave
    tell(alice, "render.failed")
    send_all()
    assert Endpoint.objects.get(enabled=True) == stays
    assert Endpoint.objects.get(enabled=False) == gone


# --- Senders that vanish ----------------------------------------------------------------------------------------------


def test_what_a_lost_sender_had_is_sent_again(alice: Person, receiver: Receiver, listen: Listen, time: Clock) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    assert claim_next(target_of(endpoint)) is not None
    assert send_all() == 0
    time.move(seconds=31)
    assert send_all() == 1
    (attempt,) = attempts()
    assert (attempt.status, attempt.claims, attempt.number) == (Status.SUCCEEDED, 2, 1)


def test_a_sender_that_was_given_up_writes_nothing(
    alice: Person, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    stale = claim_next(target_of(endpoint))
    assert stale is not None
    time.move(seconds=31)
    send_all()
    assert not settle(stale, Outcome.of_answer(500, b"", time.now()))
    (attempt,) = attempts()
    assert attempt.status == Status.SUCCEEDED


def test_an_attempt_that_loses_its_senders_counts_as_failed(
    alice: Person, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    for _ in range(3):
        assert claim_next(target_of(endpoint)) is not None
        time.move(seconds=31)
    assert send_all() == 1
    lost, planned = attempts()
    assert (lost.status, lost.attempted_at, planned.number) == (Status.FAILED, None, 2)
    assert receiver.calls == []


def test_the_end_of_an_endpoint_during_a_call_changes_nothing(
    alice: Person, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen()
    tell(alice, "render.failed")
    held = claim_next(target_of(endpoint))
    assert held is not None
    Endpoint.objects.all().delete()
    assert not settle(held, Outcome.of_answer(500, b"", time.now()))
    assert not attempts()
