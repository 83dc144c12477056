"""What is sent can be verified: by the library of Standard Webhooks, and by our own formula."""

import hashlib
import hmac
import re
from base64 import b64decode

from standardwebhooks import Webhook, WebhookVerificationError

from apps.webhooks.secrets import rotate_endpoint_secret
from apps.webhooks.signatures import new_secret
from tests.people import Person
from tests.webhooks.conftest import Clock, listening, send_all, tell
from tests.webhooks.receivers import Call, Receiver, answers


def by_formula(call: Call, secret: str) -> bool:
    """The check that the documentation asks receivers to make."""
    pairs = [part.split("=") for part in call.headers["framelane-signature"].split(",")]
    (unix,) = [value for name, value in pairs if name == "t"]
    expected = hmac.new(secret.encode(), f"{unix}.".encode() + call.body, hashlib.sha256).hexdigest()
    return any(name == "v1" and hmac.compare_digest(value, expected) for name, value in pairs)


def by_library(call: Call, secret: str) -> bool:
    try:
        Webhook(secret).verify(call.body, call.headers)
    except WebhookVerificationError:
        return False
    return True


def is_signed(call: Call, secret: str) -> bool:
    results = {by_formula(call, secret), by_library(call, secret)}
    assert len(results) == 1
    return results.pop()


def sent_to(receiver: Receiver, person: Person) -> Call:
    tell(person, "render.queued", metadata={"name": "Ünïcode ✓ 影片"})
    assert send_all() == 1
    return receiver.calls[-1]


def test_a_delivery_carries_both_signatures(alice: Person, receiver: Receiver) -> None:
    _, secret = listening(alice, receiver.url)
    call = sent_to(receiver, alice)
    assert is_signed(call, secret)
    assert not is_signed(call, new_secret())
    assert re.fullmatch(r"t=\d{10},v1=[0-9a-f]{64}", call.headers["framelane-signature"])
    assert call.headers["webhook-id"] == call.json["id"]
    assert call.headers["content-type"] == "application/json"
    assert call.headers["user-agent"] == "Framelane-Webhooks/1"


def test_a_changed_body_is_not_signed(alice: Person, receiver: Receiver) -> None:
    _, secret = listening(alice, receiver.url)
    call = sent_to(receiver, alice)
    assert not is_signed(Call(call.path, call.headers, call.body.replace(b"render.queued", b"render.failed")), secret)


def test_a_secret_is_prefixed_base64_of_24_bytes() -> None:
    secret = new_secret()
    assert secret.startswith("whsec_")
    assert len(b64decode(secret.removeprefix("whsec_"), validate=True)) == 24


def test_each_endpoint_has_its_own_secret(alice: Person, receiver: Receiver) -> None:
    (_, first), (_, second) = listening(alice, receiver.url), listening(alice, receiver.url)
    tell(alice, "render.queued")
    assert send_all() == 2
    assert {(is_signed(call, first), is_signed(call, second)) for call in receiver.calls} == {
        (True, False),
        (False, True),
    }


def test_both_secrets_sign_for_a_day_after_a_rotation(alice: Person, receiver: Receiver, time: Clock) -> None:
    endpoint, old = listening(alice, receiver.url)
    new, until = rotate_endpoint_secret(endpoint=endpoint)
    assert until is not None
    assert abs((until - time.now()).total_seconds() - 24 * 3600) < 60

    call = sent_to(receiver, alice)
    assert is_signed(call, old)
    assert is_signed(call, new)
    assert call.headers["framelane-signature"].count("v1=") == call.headers["webhook-signature"].count("v1,") == 2

    time.move(hours=23.9)
    assert by_formula(sent_to(receiver, alice), old)
    time.move(hours=0.2)
    call = sent_to(receiver, alice)
    assert by_formula(call, new)
    assert not by_formula(call, old)
    assert call.headers["webhook-signature"].count("v1,") == 1


def test_two_rotations_on_one_day_leave_three_signatures(alice: Person, receiver: Receiver) -> None:
    endpoint, first = listening(alice, receiver.url)
    second, _ = rotate_endpoint_secret(endpoint=endpoint)
    third, _ = rotate_endpoint_secret(endpoint=endpoint)
    call = sent_to(receiver, alice)
    assert all(is_signed(call, secret) for secret in (first, second, third))


def test_a_revoked_secret_signs_nothing_more(alice: Person, receiver: Receiver) -> None:
    endpoint, first = listening(alice, receiver.url)
    second, _ = rotate_endpoint_secret(endpoint=endpoint)
    third, until = rotate_endpoint_secret(endpoint=endpoint, revoke_now=True)
    call = sent_to(receiver, alice)
    assert until is None
    assert [is_signed(call, secret) for secret in (first, second, third)] == [False, False, True]


def test_a_retry_is_signed_anew_over_the_same_bytes(alice: Person, receiver: Receiver, time: Clock) -> None:
    _, secret = listening(alice, receiver.url)
    receiver.behaviour = answers(500)
    tell(alice, "render.queued")
    tell(alice, "render.failed")
    send_all()
    time.move(seconds=6)
    send_all()
    assert len(receiver.calls) == 4
    by_event: dict[str, list[Call]] = {}
    for call in receiver.calls:
        by_event.setdefault(call.headers["webhook-id"], []).append(call)
    for first, second in by_event.values():
        assert first.body == second.body
        assert int(second.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 6
        assert by_formula(second, secret)
