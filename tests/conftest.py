"""Fixtures of every test, and the marking of those that depend on the back end."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from rest_framework.test import APIClient

from framelane.api import throttling
from framelane.api.rate_rows import DatabaseLimiter
from framelane.lib.rate_limit import Guard
from tests.people import Person, client_with, make_person

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# How long an example takes, or its making, says how busy the machine is and nothing of what is tested.
settings.register_profile("framelane", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("framelane")

PATIENCE_MS = 60_000
"""How long a page may take to show what is expected; a busy machine draws slowly."""
BACKEND_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever touches the database, broker or store runs on both back ends: mark it `stack`, unless once is enough."""
    for item in items:
        if item.get_closest_marker("once") is not None:
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BACKEND_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.stack)


@pytest.fixture
def alice(db: None) -> Person:
    return make_person("Alice")


@pytest.fixture
def bob(db: None) -> Person:
    return make_person("Bob")


@pytest.fixture
def anonymous() -> APIClient:
    """A client without a key."""
    return client_with(None)


@pytest.fixture
def still_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute that rate limits count in stands still: what comes before its end would count for less behind it."""
    fresh = Guard(DatabaseLimiter(lambda: 1_000 * 60_000 + 30_000))
    monkeypatch.setattr(throttling, "_guard", lambda redis_url: fresh)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """A Chromium. Fails where none is installed."""
    from playwright.sync_api import expect, sync_playwright

    from scripts.test import chromium

    path = chromium()
    assert path, "no Chromium is installed: set FRAMELANE_CHROMIUM to one"
    # Playwright's loop runs in this thread, which Django takes for a view that waits; nothing here is one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        # A container has no user namespaces for the sandbox; what is opened here is our own.
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()
