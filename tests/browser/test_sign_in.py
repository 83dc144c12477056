"""The whole way in, as people walk it: with and without scripts, on every width, whatever they are called."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.browsing import Window, scrolls_sideways, serious_violations, window
from tests.console.entering import a_user
from tests.mails import last_code, other_than

pytestmark = pytest.mark.once
EMAIL = "a-rather-long-name-that-somebody-has-nevertheless@a-department.of-some.example.org"
NAME = "Wolfeschlegelsteinhausenbergerdorff" * 3


def look(opened: Window, path: str) -> Page:
    """The page that is open now: where it should be, whole, and open to everybody."""
    page = opened.page
    # All of it: the address is known before the last of the page has come.
    page.wait_for_url(lambda url: url.partition("?")[0].endswith(path))
    assert opened.complaints == []
    assert not scrolls_sideways(page)
    assert serious_violations(page) == []
    return page


@pytest.mark.parametrize(("width", "theme"), [(390, "light"), (768, "dark"), (1440, "light")])
def test_newcomers_find_their_way(browser: Browser, live_server: LiveServer, width: int, theme: str) -> None:
    with window(browser, live_server.url, width=width, theme=theme) as opened:
        opened.page.goto("/console/switch")
        page = look(opened, "/console/sign-in")
        page.get_by_role("link", name="Sign up").click()
        page.get_by_label("E-mail").fill("nobody@host")
        page.get_by_label("Name of your workspace").fill(NAME)
        page.get_by_role("button", name="Mail me a code").click()
        page = look(opened, "/console/sign-up")
        page.get_by_label("E-mail").fill(EMAIL)
        page.get_by_role("button", name="Mail me a code").click()
        page = look(opened, "/console/sign-in/code")
        page.get_by_role("button", name="Mail me another code").click()
        look(opened, "/console/sign-in/code")
        page.get_by_label("Code").fill(other_than(last_code(EMAIL)))
        page.get_by_role("button", name="Sign up").click()
        page = look(opened, "/console/sign-in/code")
        expect(page.locator("main")).to_contain_text("4 tries left")
        page.get_by_label("Code").fill(last_code(EMAIL))
        page.get_by_role("button", name="Sign up").click()
        page = look(opened, "/console/switch")
        page.get_by_role("button", name="Sign out on all devices").click()
        assert "You have signed out" in look(opened, "/console/sign-in").inner_text("main")


def test_signing_in_needs_no_scripts(browser: Browser, live_server: LiveServer) -> None:
    user = a_user()
    with window(browser, live_server.url, scripts=False) as opened:
        page = opened.page
        page.goto("/console/")
        page.get_by_label("E-mail").fill(user.email)
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/sign-in/code")
        page.get_by_label("Code").fill(last_code(user.email))
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/welcome")
        page.get_by_label("Name of your workspace").fill("Ada's films")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/")
        expect(page.locator("body")).to_contain_text("Ada's films")


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1440, "light")])
def test_pages_of_errors_are_whole(browser: Browser, live_server: LiveServer, width: int, theme: str) -> None:
    with window(browser, live_server.url, width=width, theme=theme) as opened:
        answer = opened.page.goto("/console/" + "nowhere" * 30)
        assert answer is not None
        assert answer.status == 404
        look(opened, "nowhere")
