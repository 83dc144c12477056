"""Values that only this installation can have issued: expiring tokens, and signatures over a list of texts.

HMAC-SHA256. Every purpose has a key of its own, derived from the installation's secret, so that what was signed for one
purpose says nothing to another.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

MAX_TOKEN_LENGTH = 2048


class SignatureRefused(Exception):
    """The value was not issued here, or not for now."""


class BadSignature(SignatureRefused):
    """Malformed, tampered with, or signed for another purpose or with another secret."""


class Expired(SignatureRefused):
    """Issued here, and its time is over. `payload` is what the token carried, "" for a signature over texts."""

    def __init__(self, message: str, payload: str = "") -> None:
        super().__init__(message)
        self.payload = payload


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with the first key, accepts the signatures of all of them."""

    keys: tuple[bytes, ...]

    @classmethod
    def for_purpose(cls, purpose: str, secret: str, fallbacks: Sequence[str] = ()) -> "Signer":
        """The signer of one purpose. `fallbacks` are former secrets whose signatures still count."""
        if not secret:
            raise ValueError("secret is empty; a signature needs a secret of the installation's own")
        return cls(tuple(_derive(value, purpose) for value in (secret, *fallbacks)))

    def signature(self, *parts: str) -> str:
        """43 characters of URL-safe base64 over the parts; `("ab", "c")` and `("a", "bc")` differ."""
        return _mac(self.keys[0], parts)

    def check(self, signature: str, *parts: str) -> None:
        """Raises BadSignature unless `signature` belongs to exactly these parts. Takes constant time."""
        given = signature.encode("utf-8", "surrogatepass")
        # Every key is tried even after a match, so that the time taken does not tell which one it was.
        matches = [hmac.compare_digest(_mac(key, parts).encode("ascii"), given) for key in self.keys]
        if not any(matches):
            raise BadSignature("the signature does not belong to this value")

    def token(self, payload: str, expires_at: datetime) -> str:
        """A URL-safe token that carries `payload` (readable by its bearer) until `expires_at`, whole seconds."""
        expires, encoded = str(int(expires_at.timestamp())), _encode(payload)
        return f"{encoded}.{expires}.{self.signature(encoded, expires)}"

    def read_token(self, token: str, now: datetime) -> str:
        """The payload of a token issued by this signer. Raises BadSignature, or Expired from `expires_at` on."""
        if len(token) > MAX_TOKEN_LENGTH or token.count(".") != 2:
            raise BadSignature("the token is malformed")
        encoded, expires, signature = token.split(".")
        self.check(signature, encoded, expires)
        if now.timestamp() >= int(expires):
            raise Expired("the token has expired", _decode(encoded))
        return _decode(encoded)


def _derive(secret: str, purpose: str) -> bytes:
    return hmac.digest(secret.encode(), f"framelane.signing:{purpose}".encode(), hashlib.sha256)


def _mac(key: bytes, parts: Sequence[str]) -> str:
    # Lengths first: no two lists of parts spell the same message.
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    message = b"".join(len(part).to_bytes(8, "big") + part for part in encoded)
    return urlsafe_b64encode(hmac.digest(key, message, hashlib.sha256)).rstrip(b"=").decode("ascii")


def _encode(text: str) -> str:
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode("ascii")


def _decode(text: str) -> str:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
