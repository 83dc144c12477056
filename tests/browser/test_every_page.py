"""Every page, full of hostile names: nothing of theirs runs, nobody is kept out, nothing is wider than the window.

Which pages there are is read from the addresses of the console: a new one without a row fails the suite.
"""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from apps.console.urls import pages
from tests.browser.browsing import WIDTHS, scrolls_sideways, serious_violations, window
from tests.console.hostile import Things, hostile_workspace
from tests.console.people import signed_in
from tests.contract.test_console_pages import TABLE

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]

Address = Callable[[Things], str]
TASKS = ("remove-background", "gaze-redirect", "super-resolution", "transcribe")


def of(name: str, *things: str) -> Address:
    return lambda all_things: reverse(f"console:{name}", args=[getattr(all_things, thing) for thing in things])


def of_job(status: str) -> Address:
    return lambda things: reverse("console:job", args=[things.jobs[status]])


PAGES: dict[str, Address] = {
    **{name: of(name) for name in ("dashboard", "playground", "tasks", "jobs", "assets", "keys", "webhooks", "usage")},
    **{name: of(name) for name in ("billing", "settings", "people", "invitations")},
    **{f"job ({status})": of_job(status) for status in ("completed", "failed", "cancelled", "processing", "queued")},
    **{f"task ({slug})": lambda _, slug=slug: reverse("console:task", args=[slug]) for slug in TASKS},
    "job of a task": of("job", "task"),
    "job of a transcript": of("job", "transcript"),
    "asset": of("asset", "asset"),
    "asset that failed": of("asset", "broken"),
    "switch": of("switch"),
    "webhook": of("webhook", "webhook"),
    "deliveries": of("deliveries", "webhook"),
    "delivery": of("delivery", "webhook", "delivery"),
    "playground (a job's request)": lambda things: reverse("console:playground") + f"?job={things.jobs['failed']}",
    "nothing": lambda _: "/console/jobs/render_nothing",
}
NO_PAGES = {
    *("playground-job", "playground-schema", "task-sources", "task-recent", "jobs-live", "job-live", "job-download"),
    *("job-request", "assets-live", "asset-status", "asset-live", "asset-download"),
}
"""Parts of pages, and files."""
BEFORE_SIGNING_IN = ("/", "/console/sign-in", "/console/sign-up")


def test_every_page_has_a_row() -> None:
    readable = {name.split()[1] for name in TABLE if name.startswith("GET ")}
    assert readable - NO_PAGES <= {name.split()[0] for name in PAGES}
    assert readable <= {str(page.name) for page in pages if hasattr(page, "name")}


LOOKING_S = 1500
"""Every page takes its seconds, and a busy machine ten times as many."""


@pytest.mark.timeout(LOOKING_S)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_open_to_everybody(browser: Browser, live_server: LiveServer, width: int, theme: str) -> None:
    things = hostile_workspace()
    session = signed_in(things.person).cookies["sessionid"].value
    troubles: list[str] = []
    with window(browser, live_server.url, session=session, width=width, theme=theme) as opened:
        for name, address in PAGES.items():
            answer = opened.page.goto(address(things))
            assert answer is not None
            assert answer.status == (404 if name == "nothing" else 200), name
            found = [*opened.complaints, *serious_violations(opened.page)]
            found += ["it scrolls sideways"] if scrolls_sideways(opened.page) else []
            troubles += [f"{name}: {trouble}" for trouble in found]
            opened.complaints.clear()
    assert troubles == []


@pytest.mark.timeout(LOOKING_S)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_doors_are_open_to_everybody(browser: Browser, live_server: LiveServer, theme: str) -> None:
    for width in WIDTHS:
        with window(browser, live_server.url, width=width, theme=theme) as opened:
            for path in BEFORE_SIGNING_IN:
                assert opened.page.goto(path)
                assert serious_violations(opened.page) == [], path
                assert not scrolls_sideways(opened.page), path
            assert opened.complaints == []
