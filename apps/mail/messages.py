"""A row of the outbox as the message that is sent."""

import hashlib
import re
from email.utils import parseaddr
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from apps.mail.kinds import kind_of
from apps.mail.models import Mail

MAX_SUBJECT_LENGTH = 120
MAX_FACT_LENGTH = 160
"""Names and addresses may be longer than any mail should be; whose they are shows long before."""
_UNPRINTED: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]+")
_HEX_TO_LETTERS: Final = str.maketrans("0123456789", "ghijklmnop")


class Message(EmailMultiAlternatives):
    """A message with a boundary of letters: where mails are files, a script finds a code by its digits."""

    def message(self, **options: Any) -> Any:
        built = super().message(**options)
        if built.is_multipart():
            built.set_boundary(f"==={_letters(self.extra_headers['Message-ID'])}===")
        return built


def message_of(mail: Mail) -> Message:
    """The message of a row, which says the same and has the same Message-ID whenever it is built."""
    facts = {name: _line(str(value), MAX_FACT_LENGTH) for name, value in mail.context.items()}
    facts |= {"subject": subject_of(mail), "public_url": settings.FRAMELANE_PUBLIC_URL}
    message = Message(
        subject=subject_of(mail),
        body=render_to_string(f"mail/{mail.template}.txt", facts).strip() + "\n",
        to=[mail.to],
        headers={"Message-ID": _message_id(mail), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string(f"mail/{mail.template}.html", facts), "text/html")
    return message


def subject_of(mail: Mail) -> str:
    """One line, whatever the names in it hold: no header can be made to end early."""
    return _line(kind_of(mail.template).subject.format_map(mail.context), MAX_SUBJECT_LENGTH)


def _line(text: str, max_length: int) -> str:
    line = _UNPRINTED.sub(" ", text).strip()
    return line if len(line) <= max_length else f"{line[: max_length - 1]}…"


def _message_id(mail: Mail) -> str:
    """The same at every attempt: a mail that was sent twice is shown once."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<{_letters(f'{mail.id} {mail.created_at.isoformat()} {settings.SECRET_KEY}')}@{domain}>"


def _letters(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32].translate(_HEX_TO_LETTERS)
