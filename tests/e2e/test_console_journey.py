"""Journeys through the console in a real browser, against a whole platform."""

import base64
import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from scripts.live import Platform, running_platform
from tests.browser.browsing import window
from tests.e2e.conftest import own_services
from tests.e2e.console import code_of, sign_up
from tests.loopback import QuietHandler, http_server, send, serving

pytestmark = pytest.mark.once

FILM = {
    "width": 320,
    "height": 180,
    "duration": 1,
    "elements": [{"type": "text", "text": "Hello", "font_size": 60, "duration": 1}],
}
RENDER_TIMEOUT_MS = 240_000
PIECE_BYTES = 256 * 1024
"""The least that an upload sends at once."""


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """One that may send webhooks to this machine."""
    with own_services(first_redis_database=12) as settings:
        allowed = {**settings, "FRAMELANE_NET_ALLOW": "127.0.0.0/8"}
        with running_platform(tmp_path_factory.mktemp("console"), allowed) as running:
            yield running


def downloaded(page: Page, part: str) -> bytes:
    with page.expect_download() as download:
        page.locator(part).get_by_role("link", name="Download").click()
    return Path(download.value.path()).read_bytes()


def test_from_signing_up_to_the_film(browser: Browser, platform: Platform) -> None:
    with window(browser, platform.url) as opened:
        page = opened.page
        sign_up(page, platform, "ada@example.org", "Ada's films")
        assert (page.locator("#new-key").text_content() or "").startswith("fl_live_")
        page.reload()
        expect(page.locator("#new-key")).to_have_count(0)
        page.get_by_role("link", name="Playground", exact=True).click()
        page.locator("#source").fill(json.dumps(FILM, indent=2))
        page.get_by_role("button", name="Render").click()
        film = page.locator("#result video")
        film.wait_for(timeout=RENDER_TIMEOUT_MS)
        page.wait_for_function("document.querySelector('#result video').readyState >= 1")
        assert page.evaluate("document.querySelector('#result video').duration") == pytest.approx(1, abs=0.05)
        assert downloaded(page, "#result")[4:8] == b"ftyp"
        assert opened.complaints == []


def test_the_keyboard_alone_is_enough(browser: Browser, platform: Platform) -> None:
    """Every step by keys: what is tabbed to is what a person would see in focus."""
    with window(browser, platform.url) as opened:
        page = opened.page
        page.goto("/console/sign-up")
        expect(page.get_by_label("E-mail")).to_be_focused()
        page.keyboard.type("grace@example.org")
        page.keyboard.press("Tab")
        page.keyboard.type("Grace's films")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Code")).to_be_focused()
        page.keyboard.type(code_of(platform, "grace@example.org"))
        page.keyboard.press("Enter")
        page.locator("#new-key").wait_for()
        tab_to(page, "Playground")
        page.keyboard.press("Enter")
        page.wait_for_url("**/console/playground**")
        tab_to(page, "Request as JSON")
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(json.dumps(FILM))
        page.keyboard.press("Control+Enter")
        page.locator("#result video").wait_for(timeout=RENDER_TIMEOUT_MS)
        page.keyboard.press("Escape")
        tab_to(page, "Download")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert Path(download.value.path()).stat().st_size > 1000


def tab_to(page: Page, name: str, most: int = 80) -> None:
    """Press Tab until what has the focus is called `name`."""
    for _ in range(most):
        page.keyboard.press("Tab")
        called = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').trim()"
        )
        if called.startswith(name):
            return
    raise AssertionError(f"{name!r} was not reached by {most} times Tab")


def test_pages_work_without_scripts(browser: Browser, platform: Platform) -> None:
    with window(browser, platform.url, scripts=False) as opened:
        page = opened.page
        sign_up(page, platform, "bare@example.org", "Bare films")
        page.get_by_role("link", name="Playground", exact=True).click()
        page.locator("#source").fill(json.dumps({**FILM, "duration": "long"}))
        page.get_by_role("button", name="Check").click()
        expect(page.locator("main")).to_contain_text("duration")
        page.locator("#source").fill(json.dumps(FILM))
        page.get_by_role("button", name="Render").click()
        for _ in range(RENDER_TIMEOUT_MS // 1000):
            if page.locator(".page-header").get_by_role("link", name="Download").count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        assert downloaded(page, ".page-header")[4:8] == b"ftyp"


def test_a_broken_upload_goes_on_and_becomes_a_larger_picture(browser: Browser, platform: Platform) -> None:
    with window(browser, platform.url) as opened:
        page = opened.page
        sign_up(page, platform, "large@example.org", "Large pictures")
        page.goto("/console/tasks/super-resolution")
        page.locator("[data-upload].live").evaluate("form => { form.dataset.chunkBytes = 1; }")
        cut = Cut(page)
        drop(page, "noise.png", heavy_png(64, 4 * PIECE_BYTES))
        page.locator('.transfer[data-state="ready"]').wait_for(timeout=RENDER_TIMEOUT_MS)
        assert cut.happened
        expect(page.locator('#sources input[type="radio"]').first).to_be_checked()
        page.get_by_role("button", name="Start task").click()
        page.locator(".page-header").get_by_role("link", name="Download").wait_for(timeout=RENDER_TIMEOUT_MS)
        width, height = struct.unpack(">II", downloaded(page, ".page-header")[16:24])
        assert width == height > 64


class Cut:
    """Breaks the connection once, at the third piece of an upload."""

    def __init__(self, page: Page) -> None:
        self._pieces = 0
        page.route("**/uploads/*", self._pass)

    @property
    def happened(self) -> bool:
        return self._pieces > 3

    def _pass(self, route: Route) -> None:
        self._pieces += route.request.method == "PUT"
        if self._pieces == 3:
            route.abort("connectionreset")
        else:
            route.continue_()


def drop(page: Page, name: str, content: bytes) -> None:
    """Let go of a file over the place for files."""
    page.locator("[data-zone]").evaluate(
        """(zone, [name, text]) => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
            const dragged = new DataTransfer();
            dragged.items.add(new File([bytes], name, { lastModified: 1 }));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: dragged, bubbles: true, cancelable: true }));
        }""",
        [name, base64.b64encode(content).decode()],
    )


def heavy_png(side_px: int, more_bytes: int) -> bytes:
    """A small picture with much in it that no decoder asks for (PNG, section 5.4: an ancillary private chunk)."""
    pixels = np.random.default_rng(1).integers(0, 256, (side_px, side_px, 3), np.uint8)
    picture = bytes(cv2.imencode(".png", pixels)[1])
    chunk = b"frMe" + bytes(more_bytes)
    after_header = 33
    extra = struct.pack(">I", more_bytes) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return picture[:after_header] + extra + picture[after_header:]


@contextmanager
def receiver(received: list[dict[str, object]], came: Event) -> Iterator[str]:
    """A customer's server; it fails the first time."""

    class Handler(QuietHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append(json.loads(body))
            came.set()
            send(self, b"<b>not now</b>" if len(received) == 1 else b"ok", 500 if len(received) == 1 else 200)

    with serving(http_server(Handler)) as url:
        yield url


def test_a_webhook_is_made_tested_and_redelivered(browser: Browser, platform: Platform) -> None:
    received: list[dict[str, object]] = []
    came = Event()
    with receiver(received, came) as url, window(browser, platform.url) as opened:
        page = opened.page
        sign_up(page, platform, "hook@example.org", "Hooks")
        page.get_by_role("link", name="Webhooks", exact=True).click()
        page.get_by_role("textbox", name="URL").fill(f"{url}/hook")
        page.get_by_role("button", name="Create webhook").click()
        assert (page.locator("#secret-text").text_content() or "").startswith("whsec_")
        page.get_by_role("button", name="Send test").click()
        expect(page.locator("#attempts")).to_contain_text("500")
        expect(page.locator("#attempts")).to_contain_text("<b>not now</b>")
        page.get_by_role("button", name="Send again").click()
        expect(page.locator("#attempts")).to_contain_text("delivered")
        assert received[0] == received[1]
        assert received[0]["type"] == "webhook.test"
        assert opened.complaints == []
