"""Mails wait in the transaction of their cause, go out once, are tried again, and keep no secret afterwards."""

import logging
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from anymail.exceptions import AnymailRecipientsRefused
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.mail import services, tasks
from apps.mail.models import Mail
from framelane.lib import clock
from tests.mail.conftest import context_for
from tests.people import Person
from tests.threads import at_once

CODE = {"code": "123456", "minutes": "10", "key_prefix": "fl_live_AbCd"}


def queue(**changed: Any) -> Mail:
    values: dict[str, Any] = {"to": "alice@example.org", "template": "verification_code", "context": CODE}
    return services.queue_mail(**{**values, **changed})


def only() -> Mail:
    return Mail.objects.get()


def make_due(by: timedelta = timedelta(seconds=1)) -> None:
    Mail.objects.update(due_at=clock.now() - by)


@pytest.fixture
def refuse() -> Iterator[Any]:
    """Makes the server fail with the given error."""
    with patch("apps.mail.messages.Message.send") as send:
        yield lambda error: setattr(send, "side_effect", error)


@pytest.mark.django_db
def test_sends_what_is_due() -> None:
    queue()
    assert services.send_due() == 1
    [message] = outbox.outbox
    assert (message.to, message.subject) == (["alice@example.org"], "Your Framelane verification code")
    assert "123456" in message.body
    assert only().sent_at is not None


@pytest.mark.django_db
def test_sends_once() -> None:
    queue()
    assert (services.send_due(), services.send_due()) == (1, 0)
    assert len(outbox.outbox) == 1


@pytest.mark.django_db
def test_workers_do_it() -> None:
    queue()
    tasks.send()
    assert len(outbox.outbox) == 1


@pytest.mark.django_db
def test_oldest_first_and_in_bounded_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH_SIZE", 2)
    for name in ("a", "b", "c"):
        queue(to=f"{name}@example.org")
    assert services.send_due() == 2
    assert [message.to[0] for message in outbox.outbox] == ["a@example.org", "b@example.org"]
    assert services.send_due() == 1


@pytest.mark.django_db
def test_keeps_no_secret_once_it_is_sent() -> None:
    queue()
    assert only().context == CODE
    services.send_due()
    assert only().context == {}


@pytest.mark.django_db(transaction=True)
def test_forgets_the_mail_of_a_change_that_is_rolled_back() -> None:
    with patch("apps.events.hints.current_app.send_task") as send_task:
        with transaction.atomic():
            queue()
            transaction.set_rollback(True)
        assert not Mail.objects.exists()
        assert not send_task.called
        queue()
        assert send_task.call_args.args == ("apps.mail.tasks.send",)
        assert send_task.call_args.kwargs["args"] == ()


@pytest.mark.django_db
def test_what_must_go_out_once_does() -> None:
    first, second = queue(once="quota-80 ws 2026-11"), queue(once="quota-80 ws 2026-11")
    assert first.id == second.id
    services.send_due()
    queue(once="quota-80 ws 2026-11")
    queue(once="quota-80 ws 2026-12")
    assert services.send_due() == 1
    assert len(outbox.outbox) == 2


@pytest.mark.django_db
def test_unnamed_mails_are_as_many_as_are_queued() -> None:
    assert queue().id != queue().id
    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.bulk_create([Mail(to="a@example.org", template="x", once="same") for _ in range(2)])


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "nobody", "a@example.org\nBcc: b@example.org", "a@example.org, b@example.org"])
def test_refuses_what_is_no_address(to: str) -> None:
    with pytest.raises(ValidationError):
        queue(to=to)
    assert not Mail.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("template", "context", "complaint"),
    [
        ("birthday", {}, "verification_code"),
        ("../home", {}, "accepted are"),
        ("verification_code", {"code": "123456"}, "key_prefix"),
        ("verification_code", {**CODE, "workspace_name": "A"}, "workspace_name"),
    ],
)
def test_refuses_a_mail_that_could_not_be_written(template: str, context: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        queue(template=template, context=context)
    assert not Mail.objects.exists()


@pytest.mark.django_db
def test_tries_again_with_growing_pauses_and_gives_up(refuse: Any) -> None:
    refuse(ConnectionRefusedError("no server"))
    queue()
    pauses = []
    for _ in range(services.MAX_ATTEMPTS - 1):
        make_due()
        assert services.send_due() == 0
        assert (only().sent_at, only().given_up_at, only().context) == (None, None, CODE)
        pauses.append(only().due_at - clock.now())
        assert services.send_due() == 0
    assert pauses == sorted(pauses)
    assert timedelta(seconds=20) < pauses[0] < timedelta(minutes=1)
    assert pauses[-1] > timedelta(hours=12)
    make_due()
    services.send_due()
    gone = only()
    assert gone.given_up_at is not None
    assert (gone.sent_at, gone.attempts, gone.context) == (None, services.MAX_ATTEMPTS, {})
    make_due()
    refuse(None)
    assert services.send_due() == 0


@pytest.mark.django_db
def test_sends_when_the_server_is_back(refuse: Any) -> None:
    refuse(ConnectionRefusedError("no server"))
    queue()
    services.send_due()
    refuse(None)
    make_due()
    assert services.send_due() == 1
    assert (only().attempts, only().context) == (2, {})


@pytest.mark.django_db
def test_a_bad_mail_does_not_keep_the_others(refuse: Any) -> None:
    refuse([ConnectionResetError("away"), None])
    queue(to="a@example.org")
    queue(to="b@example.org")
    assert services.send_due() == 1
    assert Mail.objects.get(to="b@example.org").sent_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (smtplib.SMTPRecipientsRefused({"alice@example.org": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"alice@example.org": (450, b"greylisted")}), False),
        (AnymailRecipientsRefused("bounced"), True),
        (smtplib.SMTPServerDisconnected("bye"), False),
    ],
)
def test_an_address_that_does_not_exist_is_not_tried_again(refuse: Any, error: Exception, is_final: bool) -> None:
    refuse(error)
    queue()
    services.send_due()
    assert (only().given_up_at is not None) is is_final


@pytest.mark.django_db
def test_a_code_that_is_no_longer_good_is_not_sent() -> None:
    queue(useless_after=clock.now() + timedelta(minutes=10))
    Mail.objects.update(useless_after=clock.now() - timedelta(seconds=1))
    assert services.send_due() == 0
    assert not outbox.outbox
    assert (only().context, only().given_up_at is not None) == ({}, True)


@pytest.mark.django_db
def test_a_mail_whose_sender_died_is_sent_after_its_lease() -> None:
    mail = queue()
    assert services._claim(mail.id) is not None
    assert services.send_due() == 0
    make_due(timedelta(0))
    assert services.send_due() == 1


@pytest.mark.django_db
def test_a_mail_that_ends_every_sender_is_given_up() -> None:
    mail = queue()
    for _ in range(services.MAX_ATTEMPTS):
        make_due()
        assert services._claim(mail.id) is not None
    make_due()
    assert services.send_due() == 0
    assert (only().given_up_at is not None, outbox.outbox) == (True, [])


@pytest.mark.django_db
def test_a_sender_that_lost_its_lease_changes_nothing(refuse: Any) -> None:
    mail = queue()
    stale = services._claim(mail.id)
    make_due()
    services._claim(mail.id)
    assert stale is not None
    services._after_failure(stale, ConnectionResetError("late"))
    assert only().due_at > clock.now() + timedelta(seconds=services.LEASE_S / 2)


@pytest.mark.django_db(transaction=True)
def test_one_of_eight_senders_gets_the_mail() -> None:
    queue()
    with patch("apps.mail.messages.Message.send", autospec=True) as send:
        assert sum(at_once(*[services.send_due] * 8)) == 1
    assert send.call_count == 1
    assert only().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_eight_causes_of_one_mail_make_one() -> None:
    mails = at_once(*[lambda: queue(once="payment-failed in_1").id] * 8)
    assert len(set(mails)) == 1
    assert Mail.objects.count() == 1


@pytest.mark.django_db
def test_logs_tell_neither_codes_nor_addresses(refuse: Any, caplog: pytest.LogCaptureFixture) -> None:
    refuse(ConnectionRefusedError("no server"))
    queue()
    with caplog.at_level(logging.DEBUG):
        services.send_due()
    assert "was not sent" in caplog.text
    assert "123456" not in caplog.text
    assert "alice@example.org" not in caplog.text


@pytest.mark.django_db
def test_old_mails_are_forgotten_and_told_ones_remembered(alice: Person) -> None:
    old = clock.now() - timedelta(days=services.KEPT_DAYS + 1)
    for name in ("waiting", "sent", "once"):
        queue(to=f"{name}@example.org", once=name if name == "once" else "")
    Mail.objects.exclude(to="waiting@example.org").update(sent_at=old)
    Mail.objects.update(created_at=old)
    queue(to="new@example.org", workspace=alice.workspace)
    services.send_due()
    Mail.objects.filter(to="waiting@example.org").update(sent_at=None)
    tasks.purge()
    assert set(Mail.objects.values_list("to", flat=True)) == {
        "waiting@example.org",
        "once@example.org",
        "new@example.org",
    }
    Mail.objects.filter(once="once").update(created_at=clock.now() - timedelta(days=services.KEPT_ONCE_DAYS + 1))
    assert services.purge() == 1


@pytest.mark.django_db
def test_mails_of_an_erased_workspace_go_with_it(alice: Person) -> None:
    queue(template="quota_80", context=context_for(QUOTA_FIELDS), workspace=alice.workspace)
    alice.workspace.delete()
    assert not Mail.objects.exists()


QUOTA_FIELDS = ("workspace_name", "used_minutes", "limit_minutes", "period_end")
