"""The public keys of an issuer (JWKS, RFC 7517), kept for a while and fetched again when an unknown one is named."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from jwt.utils import base64url_decode

log = logging.getLogger(__name__)

LIFETIME_S: Final = 600.0
"""How old keys may become before they are fetched again."""
MAX_AGE_S: Final = 3600.0
"""How old keys may become while the issuer cannot be reached."""
PAUSE_S: Final = 30.0
"""Between two fetches: anybody can name a key that does not exist, and must not make us hammer the issuer."""
PAUSE_WITHOUT_KEYS_S: Final = 5.0
MAX_KEYS: Final = 100
MODULUS_BITS: Final = range(2048, 8193)
MAX_EXPONENT: Final = 2**32
MAX_KID_LENGTH: Final = 255

Keys = Mapping[str, RSAPublicKey]


class Unavailable(Exception):
    """The issuer's keys cannot be had right now, so nobody can tell whether a token is good."""


class KeySet:
    """Finds keys by their `kid`. Safe for threads: one of them fetches.

    `fetch` returns the keys of the moment or raises Unavailable; `now` is a clock in seconds that never goes back.
    """

    def __init__(self, fetch: Callable[[], Keys], now: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._now = now
        self._lock = threading.Lock()
        self._keys: Keys | None = None
        self._fetched_at = self._tried_at = float("-inf")

    def find(self, kid: str) -> RSAPublicKey | None:
        """The key, or None when the issuer has none of that name. Raises Unavailable."""
        if self._is_due(kid):
            self._refresh_once(kid)
        keys = self._keys
        if keys is None:
            raise Unavailable("The issuer's keys are not available.")
        # After a failure the key may be a new one, which we would know if the issuer had answered.
        if kid not in keys and self._tried_at > self._fetched_at:
            raise Unavailable("The issuer's newest keys are not available.")
        return keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        keys, age_s, since_try_s = self._keys, self._now() - self._fetched_at, self._now() - self._tried_at
        if keys is None or age_s > MAX_AGE_S:
            return since_try_s >= PAUSE_WITHOUT_KEYS_S
        return (kid not in keys or age_s >= LIFETIME_S) and since_try_s >= PAUSE_S

    def _refresh_once(self, kid: str) -> None:
        """Refresh unless another thread does; who has a key to go on with does not wait for that one."""
        keys = self._keys
        if self._lock.acquire(blocking=keys is None or kid not in keys):
            try:
                if self._is_due(kid):
                    self._refresh()
            finally:
                self._lock.release()

    def _refresh(self) -> None:
        try:
            self._keys = self._fetch()
            self._fetched_at = self._tried_at = self._now()
        except Unavailable as reason:
            log.warning("keys of the OpenID Connect issuer are not available: %s", reason)
            self._tried_at = self._now()
            if self._tried_at - self._fetched_at > MAX_AGE_S:
                self._keys = None


def parse_keys(document: Any) -> Keys:
    """The usable keys of a JWKS document. Raises Unavailable when there is none."""
    entries = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise Unavailable("the answer is no JWKS document")
    found: dict[str, RSAPublicKey] = {}
    for entry in entries[:MAX_KEYS]:
        key = _public_key(entry) if isinstance(entry, dict) else None
        if key is not None:
            found.setdefault(entry["kid"], key)
    if not found:
        raise Unavailable("the JWKS document holds no RSA key of 2048 to 8192 bits for RS256")
    return found


def _public_key(entry: Mapping[str, Any]) -> RSAPublicKey | None:
    """The key of a JWK (RFC 7518 §6.3.1), or None when it is not one for checking RS256 signatures."""
    kid, use, algorithm = entry.get("kid"), entry.get("use", "sig"), entry.get("alg", "RS256")
    if entry.get("kty") != "RSA" or use != "sig" or algorithm != "RS256":
        return None
    if not isinstance(kid, str) or not 1 <= len(kid) <= MAX_KID_LENGTH:
        return None
    modulus, exponent = _number(entry.get("n")), _number(entry.get("e"))
    if modulus.bit_length() not in MODULUS_BITS or modulus % 2 == 0:
        return None
    if not 3 <= exponent < MAX_EXPONENT or exponent % 2 == 0:
        return None
    return RSAPublicNumbers(exponent, modulus).public_key()


def _number(text: Any) -> int:
    """A Base64urlUInt (RFC 7518 §2); 0 for anything else."""
    if not isinstance(text, str) or len(text) > 2 * MODULUS_BITS.stop // 8:
        return 0
    try:
        return int.from_bytes(base64url_decode(text), "big")
    except ValueError:
        return 0
