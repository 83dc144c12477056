"""Tokens of an OpenID Connect issuer: which ones are believed, and what it takes to fetch its keys."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from framelane.lib import oidc
from framelane.lib.oidc.fetching import MAX_ANSWER_BYTES, KeySource
from framelane.lib.oidc.keys import LIFETIME_S, MAX_AGE_S, PAUSE_S, PAUSE_WITHOUT_KEYS_S, KeySet, parse_keys
from framelane.lib.oidc.tokens import LEEWAY_S
from tests.oidc_server import (
    AUDIENCE,
    DISCOVERY,
    JWKS,
    StandInIssuer,
    configure,
    jwk,
    private_key,
    running_issuer,
)


@pytest.fixture
def server() -> Iterator[StandInIssuer]:
    with running_issuer() as running:
        yield running


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def issuer_of(
    server: StandInIssuer,
    audience: tuple[str, ...] = (AUDIENCE,),
    parties: tuple[str, ...] = (),
    clock: Clock | None = None,
    jwks_url: str = "",
) -> oidc.Issuer:
    return oidc.Issuer(server.url, audience, parties, KeySet(KeySource(server.url, jwks_url), clock or Clock()))


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refusal(issuer: oidc.Issuer, token: str) -> str:
    with pytest.raises(oidc.InvalidToken) as refused:
        issuer.verify(token)
    return str(refused.value)


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


# --- The issuer's keys ---


def test_keys_are_found_through_the_description(server: StandInIssuer) -> None:
    server.describe(jwks_uri=f"{server.url}/keys")
    server.publish(jwk("second"), path="/keys")
    assert issuer_of(server).verify(server.token("second")).subject == "user_alice"
    assert server.asked == [DISCOVERY, "/keys"]


def test_without_a_description_keys_are_where_clerk_has_them(server: StandInIssuer) -> None:
    issuer_of(server).verify(server.token())
    assert server.asked == [DISCOVERY, JWKS]


def test_a_configured_address_is_asked_alone(server: StandInIssuer) -> None:
    server.publish(jwk(), path="/keys")
    issuer_of(server, jwks_url=f"{server.url}/keys").verify(server.token())
    assert server.asked == ["/keys"]


@pytest.mark.parametrize(
    "changes", [{"issuer": "https://other.example"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": 7}]
)
def test_a_description_that_is_wrong_is_not_followed(changes: dict[str, Any], server: StandInIssuer) -> None:
    server.describe(**changes)
    with pytest.raises(oidc.Unavailable):
        issuer_of(server).verify(server.token())
    assert server.asked == [DISCOVERY]


def test_redirects_are_not_followed(server: StandInIssuer) -> None:
    server.publish(jwk(), path="/elsewhere")
    server.answers[JWKS] = (302, b"")
    server.headers["Location"] = "/elsewhere"
    with pytest.raises(oidc.Unavailable):
        issuer_of(server).verify(server.token())
    assert "/elsewhere" not in server.asked


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"{}"),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"keys": {}}'),
        (200, b'{"keys": []}'),
        (200, b'{"keys": [7, null, {}]}'),
        (200, b"[" * 100_000),
        (200, json.dumps({"keys": [jwk()], "padding": "x" * MAX_ANSWER_BYTES}).encode()),
    ],
    ids=range(8),
)
def test_an_answer_without_keys_says_nothing_about_tokens(status: int, body: bytes, server: StandInIssuer) -> None:
    server.answers[JWKS] = (status, body)
    with pytest.raises(oidc.Unavailable):
        issuer_of(server).verify(server.token())


def test_an_issuer_that_is_away_says_nothing_about_tokens() -> None:
    with running_issuer() as server:
        token = server.token()
    with pytest.raises(oidc.Unavailable):
        issuer_of(server).verify(token)


@pytest.mark.parametrize(
    "entry",
    [
        jwk(use="enc"),
        jwk(alg="RS512"),
        jwk(kty="EC"),
        jwk(kid=""),
        jwk(kid=7),
        jwk(n="!!"),
        jwk(n="AQAB"),
        jwk(n=segment((1 << 8193 | 1).to_bytes(1025, "big"))),
        jwk(n=segment(((1 << 2047) + 2).to_bytes(256, "big"))),
        jwk(n=None),
        jwk(e="AQ"),
        jwk(e="Ag"),
        jwk(e=segment((2**40 + 1).to_bytes(6, "big"))),
        jwk("small", bits=1024),
    ],
    ids=range(14),
)
def test_keys_that_are_not_for_us_are_left_out(entry: dict[str, Any]) -> None:
    assert list(parse_keys({"keys": [entry, jwk("second")]})) == ["second"]


def test_the_first_of_two_keys_of_one_name_counts() -> None:
    found = parse_keys({"keys": [jwk(), jwk("second", kid="first")]})
    assert found["first"].public_numbers() == private_key().public_key().public_numbers()


def test_keys_are_fetched_once_and_again_when_they_are_old(server: StandInIssuer) -> None:
    clock = Clock()
    issuer = issuer_of(server, clock=clock, jwks_url=f"{server.url}{JWKS}")
    for passed_s, requests in ((0, 1), (LIFETIME_S - 1, 1), (1, 2), (1, 2)):
        clock.now_s += passed_s
        issuer.verify(server.token())
        assert len(server.asked) == requests


def test_a_withdrawn_key_is_refused_once_the_keys_are_old(server: StandInIssuer) -> None:
    clock = Clock()
    issuer = issuer_of(server, clock=clock)
    issuer.verify(server.token())
    server.publish(jwk("second"))
    clock.now_s += LIFETIME_S
    assert "no such key" in refusal(issuer, server.token())


def test_a_new_key_is_fetched_but_strangers_cannot_make_us_ask_often(server: StandInIssuer) -> None:
    clock = Clock()
    issuer = issuer_of(server, clock=clock, jwks_url=f"{server.url}{JWKS}")
    issuer.verify(server.token())
    clock.now_s += PAUSE_S
    for number in range(50):
        assert "no such key" in refusal(issuer, server.token(headers={"kid": f"made-up-{number}"}))
    assert len(server.asked) == 2
    server.publish(jwk(), jwk("second"))
    assert "no such key" in refusal(issuer, server.token("second"))
    clock.now_s += PAUSE_S
    assert issuer.verify(server.token("second")).subject == "user_alice"
    assert len(server.asked) == 3


def test_known_keys_outlive_an_outage_of_the_issuer_by_an_hour(server: StandInIssuer) -> None:
    clock = Clock()
    issuer = issuer_of(server, clock=clock, jwks_url=f"{server.url}{JWKS}")
    issuer.verify(server.token())
    good = server.answers.pop(JWKS)
    server.answers[JWKS] = (503, b"")
    clock.now_s += MAX_AGE_S
    assert issuer.verify(server.token()).subject == "user_alice"
    # Whether an unknown key is new or made up cannot be told now.
    with pytest.raises(oidc.Unavailable):
        issuer.verify(server.token("second"))
    assert len(server.asked) == 2
    clock.now_s += PAUSE_S
    with pytest.raises(oidc.Unavailable):
        issuer.verify(server.token())
    server.answers[JWKS] = good
    clock.now_s += PAUSE_WITHOUT_KEYS_S
    assert issuer.verify(server.token()).subject == "user_alice"


def test_an_issuer_that_is_away_is_not_hammered(server: StandInIssuer) -> None:
    server.answers[JWKS] = (503, b"")
    issuer = issuer_of(server, clock=Clock(), jwks_url=f"{server.url}{JWKS}")
    for _ in range(20):
        with pytest.raises(oidc.Unavailable):
            issuer.verify(server.token())
    assert len(server.asked) == 1


def test_many_threads_make_one_request(server: StandInIssuer) -> None:
    issuer, token = issuer_of(server, jwks_url=f"{server.url}{JWKS}"), server.token()
    with ThreadPoolExecutor(8) as pool:
        subjects = list(pool.map(lambda _: issuer.verify(token).subject, range(32)))
    assert set(subjects) == {"user_alice"}
    assert len(server.asked) == 1


def test_settings_choose_the_issuer(server: StandInIssuer, settings: Any) -> None:
    assert oidc.configured() is None
    configure(settings, server)
    issuer = oidc.configured()
    assert issuer is not None
    assert issuer.verify(server.token()).subject == "user_alice"
    assert oidc.configured() is issuer
