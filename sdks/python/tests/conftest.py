"""Fixtures of the tests against a running platform: `python -m tests.sdks.stand` in the repository's root."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import Any

import pytest

import framelane._async._io
import framelane._sync._io
from live import CLIP, Clients, Faults, mailed_code, variable
from servers import Receiver, Shelf


@pytest.fixture(scope="session")
def proxy() -> Iterator[Faults]:
    made = Faults(variable("FRAMELANE_FAULTS_URL"))
    yield made
    made.close()


@pytest.fixture
def faults(proxy: Faults) -> Iterator[Faults]:
    """None are left over, from before or afterwards."""
    proxy.reset()
    yield proxy
    left = proxy.left()
    proxy.reset()
    assert not left, f"nothing met these faults: {left}"


@pytest.fixture(params=["blocking", "asyncio"])
def clients(request: pytest.FixtureRequest) -> Iterator[Clients]:
    """Both kinds in turn."""
    variable("FRAMELANE_BASE_URL"), variable("FRAMELANE_API_KEY")
    made = Clients(is_async=request.param == "asyncio")
    yield made
    made.close()


@pytest.fixture
def client(clients: Clients) -> Any:
    """A client of the stand's workspace."""
    return clients()


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the clients would have waited between attempts; they do not."""
    waited: list[float] = []

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(framelane._sync._io, "pause", waited.append)
    monkeypatch.setattr(framelane._async._io, "pause", pause)
    return waited


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.close()


@pytest.fixture
def newcomer(clients: Clients) -> Any:
    """A client of a workspace of its own, on the free plan, with nothing in it."""
    email = f"{secrets.token_hex(6)}@example.com"
    anybody = clients(api_key=None)
    made = anybody.signup.create(workspace_name="Newcomer", email=email)
    anybody.signup.verify(email=email, otp_code=mailed_code(email))
    return clients(api_key=made.api_key.key)


@pytest.fixture(scope="session")
def clip_url() -> str:
    """A clip of four seconds in the stand's workspace."""
    from framelane import Framelane

    with Framelane() as client:
        return client.uploads.upload(CLIP).source_url
