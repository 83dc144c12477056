"""Tokens of an OpenID Connect issuer: which ones are believed."""

import hashlib
import hmac
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from framelane.lib import oidc
from framelane.lib.oidc.tokens import LEEWAY_S
from tests.oidc_server import (
    AUDIENCE,
    StandInIssuer,
    configure,
    issuer_of,
    jwk,
    private_key,
    refusal,
    segment,
)
from tests.oidc_server import server as server


def test_a_good_token_is_believed(server: StandInIssuer) -> None:
    claims = issuer_of(server).verify(server.token())
    assert claims == oidc.Claims(server.url, "user_alice", "alice@example.org", True, "Alice Liddell")


@pytest.mark.parametrize(
    ("changes", "proven"),
    [
        ({"email_verified": True}, True),
        ({"email_verified": "true"}, True),
        ({"email_verified": False}, False),
        ({"email_verified": None}, False),
        ({"email_verified": "yes"}, False),
        ({"email_verified": 1}, False),
        ({"email": None, "email_verified": True}, False),
        ({"email": "alıce@example.org", "email_verified": True}, False),
        ({"email": "alice@\u212axample.org", "email_verified": True}, False),
    ],
)
def test_an_address_is_proven_only_when_the_issuer_says_so(
    changes: dict[str, Any], proven: bool, server: StandInIssuer
) -> None:
    assert issuer_of(server).verify(server.token(**changes)).is_email_proven is proven


@pytest.mark.parametrize(("status", "proven"), [("verified", True), ("unverified", False), (None, False)])
def test_clerks_list_of_addresses_proves_them(status: str | None, proven: bool, server: StandInIssuer) -> None:
    addresses = [
        {"email_address": "other@example.org", "verification": {"status": "verified"}},
        {"email_address": "alice@example.org", "verification": {"status": status}},
    ]
    changes = {"email": None, "primary_email_address": "alice@example.org", "email_verified": None}
    claims = issuer_of(server).verify(server.token(**changes, email_addresses=addresses))
    assert (claims.email, claims.is_email_proven) == ("alice@example.org", proven)


def test_a_token_without_an_address_is_still_good(server: StandInIssuer) -> None:
    assert issuer_of(server).verify(server.token(email=None, name=None)).email == ""


# --- Forgeries ---


def test_unsigned_tokens_are_refused(server: StandInIssuer) -> None:
    for algorithm in ("none", "None", "NONE", ""):
        token = f"{segment({'alg': algorithm, 'kid': 'first', 'typ': 'JWT'})}.{segment(server.claims())}."
        assert "RS256" in refusal(issuer_of(server), token)
    assert server.asked == []


def test_the_public_key_is_no_shared_secret(server: StandInIssuer) -> None:
    """The classic confusion: a token under HS256 whose secret is the key that everybody can read."""
    public = private_key().public_key()
    for encoding, form in (
        (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
        (serialization.Encoding.DER, serialization.PublicFormat.PKCS1),
    ):
        signed = f"{segment({'alg': 'HS256', 'kid': 'first'})}.{segment(server.claims())}"
        secret = public.public_bytes(encoding, form)
        proof = segment(hmac.new(secret, signed.encode(), hashlib.sha256).digest())
        assert "RS256" in refusal(issuer_of(server), f"{signed}.{proof}")


def test_other_algorithms_are_refused(server: StandInIssuer) -> None:
    for algorithm in ("RS384", "RS512", "PS256"):
        token = jwt.encode(server.claims(), private_key(), algorithm, headers={"kid": "first"})
        assert "RS256" in refusal(issuer_of(server), token)
    token = jwt.encode(server.claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": "first"})
    assert "RS256" in refusal(issuer_of(server), token)


def test_somebody_elses_signature_is_refused(server: StandInIssuer) -> None:
    token = server.token(key="stranger", headers={"kid": "first"})
    assert "signature" in refusal(issuer_of(server), token)


def test_a_key_that_comes_with_the_token_is_not_used(server: StandInIssuer) -> None:
    extras = {"kid": "stranger", "jwk": jwk("stranger"), "jku": f"{server.url}/mine.json"}
    server.publish(jwk("stranger"), path="/mine.json")
    assert "no such key" in refusal(issuer_of(server), server.token(key="stranger", headers=extras))
    assert "/mine.json" not in server.asked


def test_changed_claims_are_refused(server: StandInIssuer) -> None:
    header, _, proof = server.token().split(".")
    assert "signature" in refusal(issuer_of(server), f"{header}.{segment(server.claims(sub='user_bob'))}.{proof}")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": None}, "lacks"),
        ({"sub": None}, "lacks"),
        ({"exp": None}, "lacks"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": float("inf")}, "malformed"),
        ({"sub": 7}, "malformed"),
        ({"sub": ""}, "subject"),
        ({"sub": "a\0b"}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({"aud": "another"}, "audience"),
        ({"aud": ["another", "third"]}, "audience"),
        ({"aud": {"framelane": 1}}, "audience"),
        ({"aud": [["framelane"]]}, "audience"),
        ({"aud": 7}, "audience"),
        ({"aud": None}, "audience"),
        ({"sts": "pending"}, "pending"),
    ],
)
def test_claims_that_are_wrong(changes: dict[str, Any], reason: str, server: StandInIssuer) -> None:
    assert reason in refusal(issuer_of(server), server.token(**changes))


@pytest.mark.parametrize(
    ("offsets", "is_good"),
    [
        ({"exp": -LEEWAY_S + 10}, True),
        ({"exp": -LEEWAY_S - 10}, False),
        ({"nbf": LEEWAY_S - 10}, True),
        ({"nbf": LEEWAY_S + 10}, False),
        ({"iat": LEEWAY_S + 10}, False),
    ],
)
def test_clocks_may_be_half_a_minute_apart(offsets: dict[str, int], is_good: bool, server: StandInIssuer) -> None:
    token = server.token(**{name: int(time.time()) + offset_s for name, offset_s in offsets.items()})
    if is_good:
        assert issuer_of(server).verify(token).subject == "user_alice"
    else:
        assert refusal(issuer_of(server), token) in ("it has expired", "it is not valid yet")


@pytest.mark.parametrize(
    ("audience", "parties", "claims", "is_good"),
    [
        ((AUDIENCE,), (), {"aud": ["other", AUDIENCE]}, True),
        ((), (), {"aud": AUDIENCE}, False),
        ((), (), {"aud": None}, True),
        ((), ("https://app.example",), {"aud": None, "azp": "https://app.example"}, True),
        ((), ("https://app.example",), {"aud": None, "azp": "https://evil.example"}, False),
        ((), ("https://app.example",), {"aud": None}, False),
        ((AUDIENCE,), ("https://app.example",), {"aud": None, "azp": "https://app.example"}, True),
        ((AUDIENCE,), ("https://app.example",), {"azp": "https://evil.example"}, False),
        ((AUDIENCE,), ("https://app.example",), {}, True),
        ((AUDIENCE,), ("https://app.example",), {"aud": "other", "azp": "https://app.example"}, False),
    ],
)
def test_whom_a_token_is_meant_for(
    audience: tuple[str, ...], parties: tuple[str, ...], claims: dict[str, Any], is_good: bool, server: StandInIssuer
) -> None:
    issuer, token = issuer_of(server, audience, parties), server.token(**claims)
    if is_good:
        assert issuer.verify(token).subject == "user_alice"
    else:
        assert refusal(issuer, token)


@pytest.mark.parametrize(
    "headers", [{"kid": None}, {"kid": ""}, {"kid": "k" * 256}, {"typ": "logout+jwt"}, {"crit": ["b64"], "b64": True}]
)
def test_headers_that_are_wrong(headers: dict[str, Any], server: StandInIssuer) -> None:
    header = {"alg": "RS256", "kid": "first", **headers}
    present = {name: value for name, value in header.items() if value is not None}
    assert refusal(issuer_of(server), f"{segment(present)}.{segment(server.claims())}.AAAA")
    assert server.asked == []


@pytest.mark.parametrize("kid", [7, ["first"], {"a": 1}])
def test_names_of_keys_are_texts(kid: Any, server: StandInIssuer) -> None:
    assert refusal(issuer_of(server), f"{segment({'alg': 'RS256', 'kid': kid})}.e30.AAAA")


@pytest.mark.parametrize(
    "token", ["", "a", "..", "a.b.c", "é.b.c", "e30.e30.e30", f"{segment(b'[' * 5000)}.e30.AAAA", "e30.e30.e30.e30"]
)
def test_text_that_is_no_token(token: str, server: StandInIssuer) -> None:
    assert refusal(issuer_of(server), token)
    assert server.asked == []


def test_long_tokens_are_refused_unread(server: StandInIssuer) -> None:
    assert "8192" in refusal(issuer_of(server), server.token(extra="x" * 8000))


def test_settings_choose_the_issuer(server: StandInIssuer, settings: Any) -> None:
    assert oidc.configured() is None
    configure(settings, server)
    issuer = oidc.configured()
    assert issuer is not None
    assert issuer.verify(server.token()).subject == "user_alice"
    assert oidc.configured() is issuer
