"""Sending mails that were given up once more, when somebody has mended what was in the way."""

from django.db import transaction

from apps.events.hints import hint
from apps.mail.models import Mail
from framelane.lib import clock


class NotSendable(Exception):
    """The mail cannot be sent again. The text says why."""


def is_sendable(mail: Mail) -> bool:
    """Whether a mail waits, or was given up and still has its words: those with codes lose them."""
    return mail.sent_at is None and (mail.given_up_at is None or bool(mail.context))


@transaction.atomic
def resend(*, mail: Mail) -> Mail:
    """Send a mail now that waits for its next attempt or was given up; attempts are counted anew. Raises NotSendable.

    What was sent is not sent twice: nothing is kept of what it said.
    """
    held = Mail.objects.select_for_update().get(id=mail.id)
    if not is_sendable(held):
        raise NotSendable("it was sent, or nothing is kept of what it said.")
    if held.due_at > clock.now() and held.given_up_at is None and held.attempts == 0:
        raise NotSendable("it was never tried, and goes out when it is due.")
    Mail.objects.filter(id=held.id).update(given_up_at=None, attempts=0, due_at=clock.now())
    hint("apps.mail.tasks.send", queue="io")
    return held
