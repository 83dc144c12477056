"""What journeys through the console of a live platform have in common."""

import re
import time
from pathlib import Path

from playwright.sync_api import Page

from scripts.live import Platform

MAIL_TIMEOUT_S = 120.0


def code_of(platform: Platform, address: str, seen: frozenset[str] = frozenset()) -> str:
    """The newest code that a mail brought to an address; those that were `seen` do not count."""
    deadline = time.monotonic() + MAIL_TIMEOUT_S
    while time.monotonic() < deadline:
        codes = [code for code in _codes(platform.home / "mail", address) if code not in seen]
        if codes:
            return codes[-1]
        time.sleep(0.2)
    raise AssertionError(f"no code came to {address}:\\n{platform.log_tail()}")


def _codes(folder: Path, address: str) -> list[str]:
    texts = [path.read_text("utf-8") for path in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)]
    return [code for text in texts if address in text for code in re.findall(r"^ {4}([0-9A-Z-]{6,9})$", text, re.M)]


def sign_up(page: Page, platform: Platform, address: str, workspace: str) -> None:
    """From the form to the dashboard."""
    page.goto("/console/sign-up")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Workspace").fill(workspace)
    page.get_by_role("button", name="Mail me a code").click()
    page.get_by_label("Code").fill(code_of(platform, address))
    page.get_by_role("button", name="Sign up").click()
    page.get_by_role("heading", name=workspace).or_(page.get_by_text(workspace)).first.wait_for()
