"""Tokens of an OpenID Connect issuer: signed JWTs (RFC 7519), checked as RFC 8725 recommends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from framelane.lib.oidc.keys import MAX_KID_LENGTH, KeySet

MAX_TOKEN_LENGTH: Final = 8192
MAX_SUBJECT_LENGTH: Final = 255
MAX_NAME_LENGTH: Final = 150
MAX_EMAIL_LENGTH: Final = 254
"""RFC 5321 §4.5.3.1.3; what is longer is no address."""
LEEWAY_S: Final = 30
"""How far the issuer's clock and ours may be apart."""
ALGORITHM: Final = "RS256"
_TYPES: Final = ("", "jwt", "at+jwt")
_EMAIL_CLAIMS: Final = ("email", "primary_email_address")
# All checks but that of the audience, which has a rule of its own.
_CHECKS: Final = jwt.types.Options(require=["exp", "iss", "sub"], verify_aud=False)
_REASONS: Final[tuple[tuple[type[jwt.InvalidTokenError], str], ...]] = (
    (jwt.ExpiredSignatureError, "it has expired"),
    (jwt.ImmatureSignatureError, "it is not valid yet"),
    (jwt.InvalidSignatureError, "its signature is wrong"),
    (jwt.InvalidIssuerError, "it comes from another issuer"),
    (jwt.MissingRequiredClaimError, "it lacks one of the claims exp, iss, sub"),
)


class InvalidToken(Exception):
    """The token proves nothing. The text says why, without quoting it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token says. `subject` is the person, for ever; the rest may change or be missing.

    `is_email_proven` says that the issuer has seen the person read mail at `email`, which is all ASCII then.
    """

    issuer: str
    subject: str
    email: str = ""
    is_email_proven: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """An issuer and what its tokens must say to be meant for us.

    A token for somebody (`aud`) must be for one of `audience`. One for nobody, as Clerk's session tokens are, is taken
    when it was issued to (`azp`) one of `authorized_parties`, or when neither list is configured.
    """

    url: str
    audience: tuple[str, ...]
    authorized_parties: tuple[str, ...]
    keys: KeySet

    def verify(self, token: str) -> Claims:
        """The claims of a good token. Raises InvalidToken, or Unavailable when that cannot be found out now."""
        key = self._key_of(token)
        try:
            payload = jwt.decode(token, key, algorithms=[ALGORITHM], issuer=self.url, leeway=LEEWAY_S, options=_CHECKS)
        except jwt.InvalidTokenError as error:
            raise InvalidToken(_reason(error)) from None
        self._check_audience(payload)
        if payload.get("sts") == "pending":
            # Clerk: signed in, but with steps left that the application demands (a second factor, for example).
            raise InvalidToken("its session is still pending")
        return _claims(payload)

    def _key_of(self, token: str) -> RSAPublicKey:
        """The key that the token names. What the header says is believed only as far as it narrows our choice."""
        header = _header(token)
        if header.get("alg") != ALGORITHM:
            raise InvalidToken(f"it is not signed by {ALGORITHM}")
        if str(header.get("typ") or "").lower().removeprefix("application/") not in _TYPES:
            raise InvalidToken("it is no ID, session or access token")
        kid = header.get("kid")
        if not isinstance(kid, str) or not 1 <= len(kid) <= MAX_KID_LENGTH:
            raise InvalidToken("it does not name its key")
        key = self.keys.find(kid)
        if key is None:
            raise InvalidToken("the issuer has no such key")
        return key

    def _check_audience(self, payload: Mapping[str, Any]) -> None:
        audience, party = payload.get("aud") or [], payload.get("azp")
        named = [audience] if isinstance(audience, str) else audience
        if not isinstance(named, list) or (named and not any(name in self.audience for name in named)):
            raise InvalidToken("it is meant for another audience")
        if not named and self.audience and not self.authorized_parties:
            raise InvalidToken("it names no audience")
        if self.authorized_parties and (party is not None or not named) and party not in self.authorized_parties:
            raise InvalidToken("it was issued to another party")


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidToken(f"it has {len(token)} characters; at most {MAX_TOKEN_LENGTH} are accepted")
    if not token.isascii():
        raise InvalidToken("it is no JWT")
    try:
        header: dict[str, Any] = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, RecursionError):
        raise InvalidToken("it is no JWT") from None
    if "crit" in header:
        raise InvalidToken("it demands extensions that are not supported")
    return header


def _reason(error: jwt.InvalidTokenError) -> str:
    return next((text for kind, text in _REASONS if isinstance(error, kind)), "its claims are malformed")


def _claims(payload: Mapping[str, Any]) -> Claims:
    subject = str(payload["sub"])
    if not 1 <= len(subject) <= MAX_SUBJECT_LENGTH or not subject.isprintable():
        raise InvalidToken(f"its subject has {len(subject)} characters; 1 to {MAX_SUBJECT_LENGTH} are accepted")
    addresses = (_text(payload.get(name)) for name in _EMAIL_CLAIMS)
    email = next((text for text in addresses if 0 < len(text) <= MAX_EMAIL_LENGTH), "")
    name = _text(payload.get("name"))[:MAX_NAME_LENGTH]
    # Databases fold the case of letters that only look like those of ASCII, so that the proven address of a stranger
    # (alıce@example.org) would be found to be that of somebody else.
    is_proven = bool(email) and email.isascii() and _is_proven(payload, email)
    return Claims(str(payload["iss"]), subject, email, is_proven, name)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) and value.isprintable() else ""


def _is_proven(payload: Mapping[str, Any], email: str) -> bool:
    """By the standard claim, or by Clerk's list of a user's addresses with the state of each."""
    flag = payload.get("email_verified")
    if flag is True or flag == "true":
        return True
    addresses = payload.get("email_addresses")
    return isinstance(addresses, list) and any(_is_verified_entry(entry, email) for entry in addresses)


def _is_verified_entry(entry: Any, email: str) -> bool:
    if not isinstance(entry, dict) or entry.get("email_address") != email:
        return False
    verification = entry.get("verification")
    return isinstance(verification, dict) and verification.get("status") == "verified"
