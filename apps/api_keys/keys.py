"""The text of an API key: `fl_live_`, 30 random base62 characters, and 6 that prove them.

The checksum turns away mistyped keys without asking the database, and lets secret scanners be sure of a find.
"""

import hashlib
import secrets
import string
import zlib
from typing import Final

PREFIX: Final = "fl_live_"
RANDOM_LENGTH: Final = 30
CHECKSUM_LENGTH: Final = 6
LENGTH: Final = len(PREFIX) + RANDOM_LENGTH + CHECKSUM_LENGTH
SHOWN_LENGTH: Final = 12
"""How much of a key is kept readable, to tell keys apart in a list."""
_BASE62: Final = string.digits + string.ascii_uppercase + string.ascii_lowercase


def generate() -> str:
    """A new key: 178 bits of randomness."""
    body = PREFIX + "".join(secrets.choice(_BASE62) for _ in range(RANDOM_LENGTH))
    return body + checksum(body)


def checksum(body: str) -> str:
    """CRC-32 of the key before it, in 6 base62 digits (62**6 > 2**32), most significant first."""
    number, digits = zlib.crc32(body.encode("ascii")), ""
    for _ in range(CHECKSUM_LENGTH):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits


def is_well_formed(key: str) -> bool:
    """Whether this can be a key at all. Needs no secret and no database."""
    if len(key) != LENGTH or not key.startswith(PREFIX) or not key.isascii():
        return False
    body, proof = key[:-CHECKSUM_LENGTH], key[-CHECKSUM_LENGTH:]
    return body[len(PREFIX) :].isalnum() and secrets.compare_digest(checksum(body), proof)


def digest(key: str) -> str:
    """SHA-256 as 64 hexadecimal digits: what is stored. A random key needs no salt and no slow hash."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def shown_prefix(key: str) -> str:
    """The readable beginning of a key."""
    return key[:SHOWN_LENGTH]
