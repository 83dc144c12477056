"""Every page: nothing that keeps people out, nothing that the policy refuses, nothing wider than the window."""

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.browsing import WIDTHS, scrolls_sideways, serious_violations, window
from tests.console.people import signed_in
from tests.people import make_person

pytestmark = pytest.mark.once

PAGES = ("/console/",)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_pages_are_open_to_everybody(browser: Browser, live_server: LiveServer, path: str, theme: str) -> None:
    client = signed_in(make_person("Alice"))
    for width in WIDTHS:
        session = client.cookies["sessionid"].value
        with window(browser, live_server.url, session=session, width=width, theme=theme) as opened:
            answer = opened.page.goto(path)
            assert answer is not None
            assert answer.status == 200
            assert opened.complaints == []
            assert not scrolls_sideways(opened.page), width
            assert serious_violations(opened.page) == []
