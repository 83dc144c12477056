"""One-time codes: six digits that prove the reader of a mail. Only a keyed hash of them is stored.

A million possibilities are searched in no time by whoever has the table, so the hash is made with the installation's
secret, which is not in the table, and a salt of the row's own.
"""

import secrets
from datetime import timedelta
from typing import Final

from django.conf import settings

from framelane.lib.signing import BadSignature, Signer
from gpu_tasks.timeline.catalogue import limit

DIGITS: Final[int] = limit("otp_digits")
LIFETIME: Final = timedelta(minutes=10)
MAX_TRIES: Final = 5


def generate() -> str:
    """A code, each as likely as the others."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def new_salt() -> str:
    return secrets.token_hex(16)


def sealed(code: str, *, address: str, salt: str) -> str:
    """What is stored of a code: 43 characters."""
    return _signer().signature(address, salt, code)


def opens(code: str, seal: str, *, address: str, salt: str) -> bool:
    """Whether `seal` was made of this code. Takes the same time for every code and seal."""
    try:
        _signer().check(seal, address, salt, code)
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer.for_purpose("signup.code", settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)
