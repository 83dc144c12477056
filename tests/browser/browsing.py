"""Pages as people see them: in a Chromium, of some width, in the light or in the dark, with or without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import PATIENCE_MS

WIDTHS = (390, 768, 1440)
HEIGHT = 900
SERIOUS = ("serious", "critical")


@dataclass
class Window:
    """A browser window, and what it complained about: refused scripts, failures, dialogs that nobody should open."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._opened)

    def _heard(self, message: Any) -> None:
        # Answers above 399 are what some tests are about; the page itself is asked for its status.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _opened(self, dialog: Any) -> None:
        self.complaints.append(f"a dialog opened: {dialog.message}")
        dialog.dismiss()


@contextmanager
def window(
    browser: Browser, origin: str, *, session: str = "", width: int = 1440, theme: Any = "light", scripts: bool = True
) -> Iterator[Window]:
    """A new window; `session` is the cookie of somebody who has signed in."""
    context: BrowserContext = browser.new_context(
        base_url=origin,
        viewport={"width": width, "height": HEIGHT},
        color_scheme=theme,
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    if session:
        context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    try:
        opened = Window(context.new_page())
        opened.watch()
        yield opened
    finally:
        context.close()


def serious_violations(page: Page) -> list[str]:
    """What axe-core finds on a page that keeps people out (WCAG 2.2 A and AA), one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{violation['id']}: {violation['help']} at {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found
        if violation["impact"] in SERIOUS
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
