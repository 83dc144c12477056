"""Secrets that must be read again, kept so that the database alone does not give them away.

Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from SECRET_KEY. What a former key has sealed stays readable
as long as that key is among SECRET_KEY_FALLBACKS; `current_mark` finds what has to be sealed anew.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

MAX_LENGTH = 255
_PURPOSE = b"framelane.webhooks.secret"


class CannotOpen(Exception):
    """No key of this installation opens what was sealed."""


def seal(secret: str) -> str:
    """The secret, sealed with the current key, after a mark of that key."""
    return f"{current_mark()}{Fernet(_key(settings.SECRET_KEY)).encrypt(secret.encode()).decode('ascii')}"


def open_sealed(sealed: str) -> str:
    """The secret. Raises CannotOpen."""
    token = sealed.partition(":")[2].encode()
    for value in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return Fernet(_key(value)).decrypt(token).decode()
        except InvalidToken:
            continue
    raise CannotOpen("the secret was sealed with a SECRET_KEY that is not among the fallbacks")


def current_mark() -> str:
    """What everything begins with that the current key has sealed; it tells nothing of the key."""
    return f"{hashlib.sha256(_key(settings.SECRET_KEY)).hexdigest()[:8]}:"


def _key(secret_key: str) -> bytes:
    return urlsafe_b64encode(hmac.digest(secret_key.encode(), _PURPOSE, hashlib.sha256))
