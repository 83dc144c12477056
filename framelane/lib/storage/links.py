"""Addresses of stored objects on this installation: `/media/<key>`, with and without permission."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

from framelane.lib.signing import Expired, Signer
from framelane.lib.storage.keys import InvalidKey, validate

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class MediaLinks:
    """Builds and understands media URLs below `base_url` (no slash at its end).

    A stable URL names an object and carries no permission; a signed one lets its bearer read it until it expires.
    """

    base_url: str
    signer: Signer

    def stable(self, key: str) -> str:
        return f"{self.base_url}/media/{quote(validate(key))}"

    def signed(self, key: str, expires_at: datetime, filename: str | None = None) -> str:
        expires = str(int(expires_at.timestamp()))
        query = {"expires": expires, **({"filename": filename} if filename else {})}
        query["signature"] = self.signer.signature(key, expires, filename or "")
        return f"{self.stable(key)}?{urlencode(query)}"

    def check(self, key: str, expires: str, signature: str, filename: str, now: datetime) -> None:
        """Raises BadSignature, or Expired from the time of expiry on. `filename` is "" when the URL has none."""
        self.signer.check(signature, key, expires, filename)
        if now.timestamp() >= int(expires):
            raise Expired("the link has expired")

    def key_of(self, url: str) -> str | None:
        """The key that a URL of this installation names, signed or not; None for every other URL."""
        try:
            parts, base = urlsplit(url), urlsplit(self.base_url)
            same_place = _place(url) == _place(self.base_url)
        except ValueError:
            return None
        prefix = f"{base.path}/media/"
        if not same_place or not parts.path.startswith(prefix):
            return None
        try:
            return validate(parts.path.removeprefix(prefix))
        except InvalidKey:
            return None


def _place(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
