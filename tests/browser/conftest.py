"""A Chromium for the tests of this folder, and people who have signed in with it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.test import chromium

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Fails where no Chromium is installed."""
    path = chromium()
    assert path, "no Chromium is installed: set FRAMELANE_CHROMIUM to one"
    # Playwright's loop runs in this thread, which Django takes for a view that waits; nothing here is one.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        # A container has no user namespaces for the sandbox; what is opened here is our own.
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()
