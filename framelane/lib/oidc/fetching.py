"""Where an issuer's keys come from."""

import json
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from framelane.lib import net
from framelane.lib.oidc.keys import Keys, Unavailable, parse_keys

TIMEOUT_S: Final = 5.0
"""For each of at most two requests."""
MAX_ANSWER_BYTES: Final = 256 * 1024
# The addresses come from the operator's settings, and an issuer in the same private network is usual.
_ANYWHERE: Final = net.Policy(allow=("0.0.0.0/0", "::/0"))


@dataclass(frozen=True, slots=True)
class KeySource:
    """Fetches the keys of `issuer` from `jwks_url`; without it, from where the issuer's own description says.

    Redirects are not followed: whoever can redirect would choose the keys.
    """

    issuer: str
    jwks_url: str = ""

    def __call__(self) -> Keys:
        """Raises Unavailable."""
        return parse_keys(_json_at(self.jwks_url or self._discovered()))

    def _discovered(self) -> str:
        """`jwks_uri` (OpenID Connect Discovery 1.0 §4), or where Clerk keeps its keys when there is no description."""
        base = self.issuer.rstrip("/")
        answer = _get(f"{base}/.well-known/openid-configuration")
        if 400 <= answer.status < 500:
            return f"{base}/.well-known/jwks.json"
        description = _decoded(answer)
        if not isinstance(description, dict) or description.get("issuer") != self.issuer:
            raise Unavailable(f"{answer.url} does not describe the issuer {self.issuer}")
        return self._checked(description.get("jwks_uri"))

    def _checked(self, address: Any) -> str:
        accepted = ("https", urlsplit(self.issuer).scheme)
        if not isinstance(address, str) or not address.startswith(tuple(f"{scheme}://" for scheme in accepted)):
            raise Unavailable(f"the issuer's jwks_uri is {str(address)[:200]!r}, not an address with https")
        return address


def _json_at(url: str) -> Any:
    return _decoded(_get(url))


def _get(url: str) -> net.Answer:
    try:
        return net.request("GET", url, timeout_s=TIMEOUT_S, max_answer_bytes=MAX_ANSWER_BYTES + 1, policy=_ANYWHERE)
    except net.FetchFailed as failure:
        raise Unavailable(failure.message) from None


def _decoded(answer: net.Answer) -> Any:
    if answer.status != 200:
        raise Unavailable(f"{net.shown(answer.url)} answered {answer.status}")
    if len(answer.body) > MAX_ANSWER_BYTES:
        raise Unavailable(f"{net.shown(answer.url)} sent more than {MAX_ANSWER_BYTES} bytes")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unavailable(f"{net.shown(answer.url)} did not send JSON") from None
