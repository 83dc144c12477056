"""What time does to webhooks: logs and secrets end, and what a former key has sealed is sealed anew."""

from datetime import timedelta
from typing import Any

import pytest

from apps.webhooks import sealing, secrets
from apps.webhooks.models import Attempt, Message, Secret
from apps.webhooks.secrets import of_endpoint, signing_secrets
from apps.webhooks.services import purge_log
from apps.webhooks.tasks import purge
from framelane.checks import check_settings
from framelane.lib import clock
from tests.people import Person
from tests.webhooks.conftest import Clock, Listen, listening, send_all, tell
from tests.webhooks.receivers import Receiver


def test_the_log_is_kept_for_thirty_days(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    for days in (31, 29):
        tell(alice, "render.failed")
        send_all()
        then = clock.now() - timedelta(days=days)
        Attempt.objects.filter(created_at__gt=clock.now() - timedelta(days=1)).update(created_at=then)
        Message.objects.filter(created_at__gt=clock.now() - timedelta(days=1)).update(created_at=then)
    assert purge_log() == 1
    assert Attempt.objects.count() == Message.objects.count() == 1


def test_what_is_still_to_be_sent_is_kept(alice: Person, listen: Listen) -> None:
    listen()
    tell(alice, "render.failed")
    long_ago = clock.now() - timedelta(days=40)
    Attempt.objects.update(created_at=long_ago)
    Message.objects.update(created_at=long_ago)
    assert purge_log() == 0
    assert Attempt.objects.count() == Message.objects.count() == 1


def test_secrets_are_deleted_after_their_end(alice: Person, time: Clock) -> None:
    endpoint, _ = listening(alice, "https://example.com/")
    secrets.rotate_endpoint_secret(endpoint=endpoint)
    purge()
    assert Secret.objects.count() == 2
    time.move(hours=25)
    purge()
    assert Secret.objects.count() == 1


def test_former_secrets_are_bounded(alice: Person) -> None:
    endpoint, _ = listening(alice, "https://example.com/")
    for _ in range(15):
        secrets.rotate_endpoint_secret(endpoint=endpoint)
    assert len(signing_secrets(of_endpoint(endpoint))) == 1 + secrets.MAX_FORMER


def test_a_former_key_opens_until_everything_is_sealed_anew(alice: Person, settings: Any) -> None:
    endpoint, secret = listening(alice, "https://example.com/")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next key of this installation, long enough"
    assert signing_secrets(of_endpoint(endpoint)) == [secret]
    purge()
    settings.SECRET_KEY_FALLBACKS = []
    assert signing_secrets(of_endpoint(endpoint)) == [secret]
    assert secrets.reseal() == 0


def test_without_the_former_key_nothing_opens_and_nothing_is_lost(alice: Person, settings: Any) -> None:
    endpoint, secret = listening(alice, "https://example.com/")
    former, settings.SECRET_KEY = settings.SECRET_KEY, "the next key of this installation, long enough"
    with pytest.raises(sealing.CannotOpen):
        signing_secrets(of_endpoint(endpoint))
    assert secrets.reseal() == 0
    settings.SECRET_KEY_FALLBACKS = [former]
    assert signing_secrets(of_endpoint(endpoint)) == [secret]


def test_the_same_secret_is_never_sealed_the_same() -> None:
    first, second = sealing.seal("whsec_x"), sealing.seal("whsec_x")
    assert first != second
    assert sealing.open_sealed(first) == sealing.open_sealed(second) == "whsec_x"
    assert len(first) <= sealing.MAX_LENGTH


def test_a_tampered_seal_is_refused() -> None:
    sealed = sealing.seal("whsec_x")
    with pytest.raises(sealing.CannotOpen):
        sealing.open_sealed(sealed[:-8] + "AAAAAAA=")


def test_a_workspace_that_is_being_erased_sends_nothing(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    tell(alice, "render.failed")
    alice.workspace.erasure_requested_at = clock.now()
    alice.workspace.save()
    assert send_all() == 0
    tell(alice, "render.queued")
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("seconds", [0, -1, 61])
def test_a_clock_that_cannot_work_is_named_at_the_start(settings: Any, seconds: float) -> None:
    settings.FRAMELANE_WEBHOOK_SWEEP_S = seconds
    assert "framelane.E120" in {message.id for message in check_settings()}
