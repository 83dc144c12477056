"""The keys of an OpenID Connect issuer: where they come from, which are taken, and how often anybody asks for them."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from framelane.lib import oidc
from framelane.lib.oidc.fetching import MAX_ANSWER_BYTES
from framelane.lib.oidc.keys import LIFETIME_S, MAX_AGE_S, PAUSE_S, PAUSE_WITHOUT_KEYS_S, parse_keys
from tests.oidc_server import (
    DISCOVERY,
    JWKS,
    Clock,
    StandInIssuer,
    issuer_of,
    jwk,
    private_key,
    refusal,
    running_issuer,
    segment,
)
from tests.oidc_server import server as server


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
