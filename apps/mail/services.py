"""Writes to the outbox, and the sending."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any, Final

from anymail.exceptions import AnymailRecipientsRefused
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.events.hints import hint
from apps.mail.kinds import kind_of
from apps.mail.messages import message_of
from apps.mail.models import Mail
from apps.tallies.services import Count, count
from apps.workspaces.models import Workspace
from framelane.lib import clock

log = logging.getLogger(__name__)

BATCH_SIZE: Final = 100
LEASE_S: Final = 300
"""How long one attempt may take; well above the time-outs of the connection."""
PAUSES_S: Final = (30, 120, 600, 3600, 4 * 3600, 12 * 3600, 24 * 3600)
"""The wait after each failed attempt but the last, with which the mail is given up."""
MAX_ATTEMPTS: Final = len(PAUSES_S) + 1
KEPT_DAYS: Final = 30
KEPT_ONCE_DAYS: Final = 400
"""Mails that go out once are remembered for longer than anything they tell of can recur."""


@transaction.atomic
def queue_mail(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    workspace: Workspace | None = None,
    once: str = "",
    useless_after: datetime | None = None,
) -> Mail:
    """Write a mail into the outbox, in the caller's transaction; it is sent when that is committed.

    With `once`, a mail of that name exists at most one time, and the one that exists is returned. A mail that could
    not be sent by `useless_after` is dropped. Raises ValueError for a template that does not exist or whose context
    lacks or exceeds its fields, Django's ValidationError for what is no address.
    """
    validate_email(to)
    _check(template, context)
    values = {"to": to, "template": template, "context": context, "workspace": workspace}
    mail, is_new = _written(once, {**values, "useless_after": useless_after})
    if is_new:
        hint("apps.mail.tasks.send", queue="io")
    return mail


def _written(once: str, values: dict[str, Any]) -> tuple[Mail, bool]:
    if once:
        return Mail.objects.get_or_create(once=once, defaults=values)
    return Mail.objects.create(**values), True


def _check(template: str, context: dict[str, Any]) -> None:
    wanted, given = kind_of(template).fields, context.keys()
    if wanted != given:
        raise ValueError(f"mail {template!r} needs the fields {sorted(wanted)}, received {sorted(given)}")


def send_due() -> int:
    """Send what is due, oldest first; how many were sent."""
    due = _waiting().filter(due_at__lte=clock.now()).order_by("due_at", "id")
    return sum(_send(mail_id) for mail_id in list(due.values_list("id", flat=True)[:BATCH_SIZE]))


def _waiting() -> QuerySet[Mail]:
    return Mail.objects.filter(sent_at=None, given_up_at=None)


def _send(mail_id: int) -> bool:
    mail = _claim(mail_id)
    if mail is None:
        return False
    if (reason := _why_not(mail)) is not None:
        _give_up(mail, reason)
        return False
    try:
        message_of(mail).send()
    except Exception as error:
        log.exception("mail %d (%s) was not sent", mail.id, mail.template)
        _after_failure(mail, error)
        return False
    _conclude(mail, sent_at=clock.now())
    return True


def _why_not(mail: Mail) -> str | None:
    if mail.useless_after is not None and mail.useless_after <= clock.now():
        return "its time is over"
    # Failures are counted below; this many attempts without one mean that each of them ended its process.
    return "no attempt came to an end" if mail.attempts > MAX_ATTEMPTS else None


def _claim(mail_id: int) -> Mail | None:
    """The mail, leased to this process; None when somebody else was faster."""
    now = clock.now()
    lease = now + timedelta(seconds=LEASE_S)
    if not _waiting().filter(id=mail_id, due_at__lte=now).update(due_at=lease, attempts=F("attempts") + 1):
        return None
    return Mail.objects.filter(id=mail_id).first()


def _after_failure(mail: Mail, error: Exception) -> None:
    if mail.attempts >= MAX_ATTEMPTS or _is_permanent(error):
        _give_up(mail, f"{type(error).__name__} in attempt {mail.attempts}")
        return
    pause = timedelta(seconds=PAUSES_S[mail.attempts - 1])
    _held(mail).update(due_at=clock.now() + pause)


def _is_permanent(error: Exception) -> bool:
    """Whether the address itself is refused. A 4xx reply of SMTP is a matter of time (RFC 5321, 4.2.1)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(reply[0] >= 500 for reply in error.recipients.values())
    return isinstance(error, AnymailRecipientsRefused)


def _give_up(mail: Mail, reason: str) -> None:
    log.warning("mail %d (%s) is given up: %s", mail.id, mail.template, reason)
    # The staff may send it again, once what was in the way is mended; a code would be of no use then.
    kept = {} if kind_of(mail.template).is_secret else mail.context
    _conclude(mail, context=kept, given_up_at=clock.now())


def _conclude(mail: Mail, **values: Any) -> None:
    """Nobody needs the context of a mail that was sent."""
    with transaction.atomic():
        if _held(mail).update(**{"context": {}, **values}):
            count(Count("mails", ("sent" if "sent_at" in values else "given_up",)))


def _held(mail: Mail) -> QuerySet[Mail]:
    """The row, as long as no other attempt has begun since."""
    return _waiting().filter(id=mail.id, attempts=mail.attempts)


def purge() -> int:
    """Delete what was sent or given up long ago; returns how many."""
    now = clock.now()
    aged = Q(once="", created_at__lt=now - timedelta(days=KEPT_DAYS))
    aged |= Q(created_at__lt=now - timedelta(days=KEPT_ONCE_DAYS))
    return Mail.objects.filter(aged).exclude(sent_at=None, given_up_at=None).delete()[0]
