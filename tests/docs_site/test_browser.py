"""The documentation in a browser: open to everybody, without a complaint, and quicker to use with scripts."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.browsing import WIDTHS, Window, scrolls_sideways, serious_violations, window
from tests.people import Person

# Everything is quick, but on a busy machine.
expect.set_options(timeout=60_000)
pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/docs/",
    "/docs/webhooks",
    "/docs/gallery",
    "/docs/reference/api/renders",
    "/docs/api/#create_render",
    "/docs/no",
)


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer) -> Iterator[Window]:
    with window(browser, live_server.url) as found:
        yield found
        assert found.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_open_to_everybody(browser: Browser, live_server: LiveServer, width: int, theme: str) -> None:
    troubles: list[str] = []
    with window(browser, live_server.url, width=width, theme=theme) as found:
        for path in PAGES:
            found.page.goto(path)
            troubles += [f"{path}: {one}" for one in (*found.complaints, *serious_violations(found.page))]
            troubles += [f"{path} scrolls sideways"] if scrolls_sideways(found.page) else []
            found.complaints.clear()
    assert troubles == []


@pytest.mark.parametrize(
    ("query", "page_and_heading"),
    [("quota_exceeded", "Errors › Codes"), ("zoom in", "Motions › zoom_in"), ("gpu pinning", "GPU pinning")],
)
def test_search(opened: Window, query: str, page_and_heading: str) -> None:
    page = opened.page
    page.goto("/docs/")
    page.keyboard.press("/")
    page.keyboard.type(query)
    expect(page.locator("#search-results strong").first).to_contain_text(page_and_heading)
    field = page.locator("dialog.docs-search input")
    expect(field).to_have_attribute("aria-activedescendant", "search-result-0")
    assert serious_violations(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/docs/"))


@pytest.mark.parametrize("query", ["zzzqqq", "<b onclick=alert(1)>zzz</b>", "zzz((((", "\\zzz", "zzz*" * 25])
def test_search_for_what_is_not_there(opened: Window, query: str) -> None:
    page = opened.page
    page.goto("/docs/webhooks")
    page.keyboard.press("Control+k")
    page.locator("dialog.docs-search input").fill(query)
    expect(page.locator(".search-note")).to_have_text(f"Nothing is called “{query}”.")
    page.keyboard.press("Escape")
    expect(page.locator("dialog.docs-search")).to_be_hidden()


def test_language_of_examples_is_remembered(opened: Window) -> None:
    page = opened.page
    page.goto("/docs/quickstart")
    tabs = page.locator(".code-tabs").first.get_by_role("tab")
    assert tabs.all_inner_texts() == ["Shell", "Python", "TypeScript"]
    tabs.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_be_focused()
    chosen = page.get_by_role("tab", name="Python", selected=True)
    expect(chosen).to_have_count(page.get_by_role("tab", name="Python").count())
    page.reload()
    expect(page.locator(".code-tabs .code-block[data-language=python]").first).to_be_visible()
    expect(page.locator(".code-tabs .code-block[data-language=sh]").first).to_be_hidden()
    assert serious_violations(page) == []


def test_without_scripts_everything_is_there_to_read(browser: Browser, live_server: LiveServer) -> None:
    with window(browser, live_server.url, scripts=False) as found:
        page = found.page
        page.goto("/docs/quickstart")
        for language in ("sh", "python", "ts"):
            expect(page.locator(f".code-tabs .code-block[data-language={language}]").first).to_be_visible()
        expect(page.locator("[data-search-open]")).to_be_hidden()
        page.goto("/docs/api/#create_render")
        expect(page.locator("#create_render")).to_be_visible()
        expect(page.locator("#create_render form")).to_be_hidden()


def test_copying(opened: Window) -> None:
    page = opened.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.clock.install()
    page.goto("/docs/webhooks")
    page.clock.pause_at(datetime.now() + timedelta(hours=1))  # the button says what it did for a moment only
    block = page.locator(".prose > .code-block").first
    block.get_by_role("button", name="Copy").click()
    expect(block.locator(".copy")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == block.locator("code").inner_text().rstrip()


def test_theme_is_kept(opened: Window) -> None:
    page = opened.page
    page.goto("/docs/webhooks")
    page.get_by_role("button", name="Dark colours").click()
    page.goto("/docs/media")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_role("button", name="Light colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_trying_an_operation(opened: Window, alice: Person) -> None:
    page = opened.page
    page.goto("/docs/api/")
    page.locator("#api-filter").fill("submit render")
    page.locator("#api-filter").press("Enter")
    operation = page.locator("#create_render")
    expect(operation).to_have_attribute("open", "")
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator(".try-state")).to_have_text("Enter an API key at the top of the page first.")
    page.locator("#api-key").fill(alice.secret)
    operation.locator("[data-body]").fill("{")
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator(".try-state")).to_contain_text("The body is no JSON")
    operation.locator("[data-body]").fill(
        '{"duration": 1, "elements": [{"type": "text", "text": "Hi", "duration": 1}]}'
    )
    operation.locator("[name=Idempotency-Key]").fill("from-the-docs")
    operation.locator("[data-body]").press("Control+Enter")
    expect(operation.locator(".status-line")).to_contain_text("202")
    assert '"render_' in operation.locator("[data-answer]").inner_text()
    operation.locator(".try-answer summary").click()
    expect(operation.locator("[data-headers]")).to_contain_text("x-request-id")
    assert serious_violations(page) == []
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, location.href])")
    assert alice.secret not in kept


def test_trying_an_operation_with_an_address_that_needs_an_id(opened: Window, alice: Person) -> None:
    page = opened.page
    page.goto("/docs/api/#get_render")
    operation = page.locator("#get_render")
    page.locator("#api-key").fill(alice.secret)
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator(".try-state")).to_have_text("render_id is required.")
    operation.locator("[name=render_id]").fill("../api-keys")
    operation.get_by_role("button", name="Send").click()
    expect(operation.locator(".status-line")).to_contain_text("404")


def test_menu_on_a_small_screen(browser: Browser, live_server: LiveServer) -> None:
    with window(browser, live_server.url, width=390) as found:
        found.page.goto("/docs/webhooks")
        link = found.page.locator(".docs-nav a", has_text="Transcription")
        expect(link).to_be_hidden()
        found.page.get_by_role("button", name="Pages").click()
        expect(link).to_be_visible()
        assert serious_violations(found.page) == []
        link.click()
        found.page.wait_for_url("**/docs/transcription")
