"""Mails as files, for machines without a mail server: each in one of its own, in the form of RFC 5322.

Django's backend of that kind names files by the second and the place of an object in memory, so that two mails of one
second may lie in one file.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

FILES: Final = "framelane.mail_files.EmailBackend"
"""What `EMAIL_BACKEND` is where mails are files."""


class EmailBackend(BaseEmailBackend):
    """Writes into the folder `EMAIL_FILE_PATH`; the files' names sort by the time of sending (UTC).

    Raises OSError where that is impossible.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{uuid4().hex[:8]}.eml"
            (folder / name).write_bytes(message.message().as_bytes())
        return len(email_messages)
