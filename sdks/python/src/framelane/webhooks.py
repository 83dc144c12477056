"""Checking that a webhook call comes from Framelane."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Union

from pydantic import ValidationError

from framelane._generated import WebhookEvent
from framelane.errors import InvalidSignature, UnexpectedAnswer

__all__ = ["InvalidSignature", "WebhookEvent", "verify"]

Headers = Union[Mapping[str, str], Iterable["tuple[str, str]"]]

_PREFIX = "whsec_"
_UNIX = re.compile(r"[0-9]{1,12}")


def verify(
    body: bytes,
    headers: Headers,
    secret: str | Sequence[str],
    *,
    tolerance_s: float = 300,
) -> WebhookEvent:
    """The event that a call tells of, once it is certain that it comes from Framelane and is not an old one.

    `body` is the request's body as it came, not parsed and written again. `headers` are the request's: a mapping in any
    case, or pairs. `secret` is the endpoint's, or several of which one must fit. A call whose time is more than
    `tolerance_s` seconds away from now is refused. Raises InvalidSignature, and UnexpectedAnswer for a signed body that
    is no event.
    """
    raw = body.encode() if isinstance(body, str) else bytes(body)
    secrets = [secret] if isinstance(secret, str) else list(secret)
    if not secrets or not all(isinstance(each, str) and each for each in secrets):
        raise ValueError("secret is empty; pass what webhooks.create or rotate_secret has shown")
    _require_signature(raw, _lowered(headers), secrets, tolerance_s)
    try:
        return WebhookEvent.model_validate_json(raw)
    except ValidationError as error:
        raise UnexpectedAnswer(f"The signature is right, but this is no event: {error}") from None


def _lowered(headers: Headers) -> dict[str, str]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {_text(name).lower(): _text(value) for name, value in pairs}


def _text(value: str | bytes) -> str:
    """Headers come as bytes from ASGI servers."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _require_signature(body: bytes, headers: Mapping[str, str], secrets: Sequence[str], tolerance_s: float) -> None:
    standard = headers.get("webhook-signature")
    ours = headers.get("framelane-signature")
    if standard is not None:
        at, sent = headers.get("webhook-timestamp", ""), _standard_signatures(standard)
        signed = f"{headers.get('webhook-id', '')}.{at}.".encode() + body
        right = [_standard(each, signed) for each in secrets]
    elif ours is not None:
        at, sent = _our_parts(ours)
        right = [_hex(each, f"{at}.".encode() + body) for each in secrets]
    else:
        raise InvalidSignature("The call carries no signature: neither Framelane-Signature nor webhook-signature.")
    _require_recent(at, tolerance_s)
    # Every pair is compared, so that the time it takes tells nothing.
    matches = [hmac.compare_digest(expected, found) for expected in right for found in sent]
    if not any(matches):
        raise InvalidSignature("The signature does not fit the body: another secret, or a body that was changed.")


def _require_recent(at: str, tolerance_s: float) -> None:
    if not _UNIX.fullmatch(at):
        raise InvalidSignature("The signature carries no time.")
    away_s = abs(time.time() - int(at))
    if away_s > tolerance_s:
        raise InvalidSignature(f"The call was signed {away_s:.0f} s away from now; accepted are {tolerance_s:g} s.")


def _our_parts(header: str) -> tuple[str, list[bytes]]:
    """`t=<unix>,v1=<hex>[,v1=<hex>]`."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    at = next((value for name, _, value in parts if name == "t"), "")
    return at, [value.lower().encode() for name, _, value in parts if name == "v1"]


def _standard_signatures(header: str) -> list[bytes]:
    """`v1,<base64>[ v1,<base64>]`."""
    parts = [part.partition(",") for part in header.split()]
    return [value.encode() for version, _, value in parts if version == "v1"]


def _hex(secret: str, signed: bytes) -> bytes:
    """As `Framelane-Signature` has it: the key is the whole text of the secret."""
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest().encode()


def _standard(secret: str, signed: bytes) -> bytes:
    """As Standard Webhooks has it: the key is what the secret spells in base64 after its prefix."""
    spelt = secret[len(_PREFIX) :] if secret.startswith(_PREFIX) else secret
    try:
        key = base64.b64decode(spelt, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("secret is not the text of a webhook secret, which is whsec_ and base64") from None
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
