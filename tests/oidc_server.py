"""An OpenID Connect issuer on the loopback: it publishes its keys, signs tokens, and counts who asks."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from framelane.lib import oidc
from framelane.lib.oidc.fetching import KeySource
from tests.loopback import QuietHandler, http_server, send, serving

AUDIENCE = "framelane"
JWKS = "/.well-known/jwks.json"
DISCOVERY = "/.well-known/openid-configuration"


def private_key(name: str = "first", bits: int = 2048) -> rsa.RSAPrivateKey:
    """A key of its own for each name."""
    return _private_key(name, bits)


@cache
def _private_key(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(name: str = "first", bits: int = 2048, **changes: Any) -> dict[str, Any]:
    """The public half of a key as its issuer publishes it, named like the key."""
    public = json.loads(RSAAlgorithm.to_jwk(private_key(name, bits).public_key()))
    kept = {part: public[part] for part in ("kty", "n", "e")}
    return {**kept, "kid": name, "use": "sig", "alg": "RS256", **changes}


@dataclass
class StandInIssuer:
    """`answers` maps paths to a status and a body; what is not there is 404. `asked` lists the paths of requests."""

    url: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def publish(self, *keys: dict[str, Any], path: str = JWKS) -> None:
        self.answers[path] = (200, json.dumps({"keys": list(keys)}).encode())

    def describe(self, **changes: Any) -> None:
        description = {"issuer": self.url, "jwks_uri": f"{self.url}{JWKS}", **changes}
        self.answers[DISCOVERY] = (200, json.dumps(description).encode())

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Claims of a good token; a claim that is changed to None is left out."""
        now = int(time.time())
        person = {"sub": "user_alice", "email": "alice@example.org", "email_verified": True, "name": "Alice Liddell"}
        found = {"iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 60, **person, **changes}
        return {name: value for name, value in found.items() if value is not None}

    def token(self, key: str = "first", headers: dict[str, Any] | None = None, **changes: Any) -> str:
        """A token signed by `key`, with claims and headers as they should be but for the changes."""
        return jwt.encode(self.claims(**changes), private_key(key), "RS256", headers={"kid": key, **(headers or {})})


@contextmanager
def running_issuer() -> Iterator[StandInIssuer]:
    """An issuer that publishes the key `first` until the block ends."""
    issuer = StandInIssuer()
    with serving(http_server(_handler(issuer))) as issuer.url:
        issuer.publish(jwk())
        yield issuer


@pytest.fixture
def server() -> Iterator[StandInIssuer]:
    """An issuer for one test."""
    with running_issuer() as running:
        yield running


@pytest.fixture
def issuer(server: StandInIssuer, settings: Any) -> StandInIssuer:
    """The same, and the platform trusts it."""
    configure(settings, server)
    return server


def configure(settings: Any, issuer: StandInIssuer, **changes: Any) -> None:
    """Point the settings at the issuer."""
    values = {"ISSUER": issuer.url, "JWKS_URL": "", "AUDIENCE": [AUDIENCE], "AUTHORIZED_PARTIES": [], **changes}
    for name, value in values.items():
        setattr(settings, f"FRAMELANE_OIDC_{name}", value)


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
    return oidc.Issuer(server.url, audience, parties, oidc.KeySet(KeySource(server.url, jwks_url), clock or Clock()))


def segment(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def refusal(issuer: oidc.Issuer, token: str) -> str:
    with pytest.raises(oidc.InvalidToken) as refused:
        issuer.verify(token)
    return str(refused.value)


def _handler(issuer: StandInIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(QuietHandler):
        def do_GET(self) -> None:
            issuer.asked.append(self.path)
            status, body = issuer.answers.get(self.path, (404, b"{}"))
            send(self, body, status, issuer.headers)

    return Handler
