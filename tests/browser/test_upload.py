"""Uploads as people make them: dropped, broken off, gone on with, after a new page too."""

import re
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from apps.uploads.models import Asset
from apps.uploads.probing import probe_asset
from framelane.lib.storage import Store
from tests.browser.browsing import Window, window
from tests.console.people import signed_in
from tests.people import Person, make_person
from tests.uploads.conftest import store as store

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]

SIZE_BYTES = 5_000_044
PIECE_BYTES = 512 * 1024
UPLOADS = re.compile(r".*/uploads/[^/]+$")


class Line:
    """The connection to the store's end of uploads: notes what goes over it, and may be cut."""

    def __init__(self, page: Page) -> None:
        self.ranges: list[str] = []
        self.is_cut_after = 1_000
        page.route(UPLOADS, self._pass)

    def _pass(self, route: Route) -> None:
        if route.request.method != "PUT":
            route.continue_()
            return
        if len(self.ranges) >= self.is_cut_after:
            route.abort("connectionreset")
            return
        self.ranges.append(route.request.headers.get("content-range", ""))
        route.continue_()

    def mend(self) -> None:
        self.is_cut_after = 1_000


@pytest.fixture
def person(settings: Settings, live_server: LiveServer) -> Person:
    settings.FRAMELANE_PUBLIC_URL = live_server.url
    return make_person("Alice")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """A real file of SIZE_BYTES, each of whose samples tells where it stands."""
    path = tmp_path / "a song.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        out.writeframes(b"".join((number % 65_521).to_bytes(2, "little") for number in range(2_500_000)))
    assert path.stat().st_size == SIZE_BYTES
    return path


@pytest.fixture
def opened(browser: Browser, live_server: LiveServer, person: Person, store: Store) -> Iterator[Window]:
    session = signed_in(person).cookies["sessionid"].value
    with window(browser, live_server.url, session=session) as shown:
        yield shown


def visit(page: Page, path: str = "/console/assets") -> None:
    page.goto(path)
    page.locator("[data-upload].live").evaluate(f"form => {{ form.dataset.chunkBytes = {PIECE_BYTES}; }}")


def choose(page: Page, path: Path) -> None:
    page.get_by_label("Choose files").set_input_files(path)


def drop(page: Page, name: str, content: str) -> None:
    """Let go of a file with this name and text over the zone."""
    page.locator("[data-zone]").evaluate(
        """(zone, [name, content]) => {
            const dragged = new DataTransfer();
            dragged.items.add(new File([content], name, { lastModified: 1 }));
            zone.dispatchEvent(new DragEvent("drop", { dataTransfer: dragged, bubbles: true, cancelable: true }));
        }""",
        [name, content],
    )


def row(page: Page, state: str) -> Any:
    return page.locator(f'.transfer[data-state="{state}"]')


def content_of(store: Store) -> bytes:
    return b"".join(store.read(Asset.objects.get().key))


def test_an_upload_survives_a_broken_connection(opened: Window, store: Store, song: Path) -> None:
    page, line = opened.page, Line(opened.page)
    visit(page)
    line.is_cut_after = 4
    choose(page, song)
    expect(row(page, "reconnecting")).to_be_visible()
    line.mend()
    expect(row(page, "examining")).to_be_visible()
    assert content_of(store) == song.read_bytes()
    assert line.ranges[0] == f"bytes 0-{PIECE_BYTES - 1}/{SIZE_BYTES}"
    assert line.ranges[4] == f"bytes */{SIZE_BYTES}"
    assert line.ranges[5].startswith(f"bytes {4 * PIECE_BYTES}-")
    probe_asset(asset_id=Asset.objects.get().id)
    expect(row(page, "ready")).to_be_visible()
    expect(page.locator("#library .title")).to_have_text("a song.wav")
    assert opened.complaints == []


def test_an_upload_goes_on_in_a_new_page(opened: Window, store: Store, song: Path) -> None:
    page, line = opened.page, Line(opened.page)
    page.on("dialog", lambda dialog: dialog.accept())
    visit(page)
    line.is_cut_after = 3
    choose(page, song)
    expect(row(page, "reconnecting")).to_be_visible()
    row(page, "reconnecting").get_by_role("button", name="Pause").click()
    expect(row(page, "paused")).to_be_visible()
    line.mend()
    visit(page)
    expect(page.locator(".transfer.remembered")).to_contain_text("Choose or drop the same file again")
    choose(page, song)
    expect(row(page, "examining")).to_be_visible()
    assert line.ranges[3] == f"bytes */{SIZE_BYTES}"
    assert line.ranges[4].startswith(f"bytes {3 * PIECE_BYTES}-")
    assert content_of(store) == song.read_bytes()
    visit(page)
    expect(page.locator(".transfer")).to_have_count(0)


def test_paused_is_paused_until_it_is_resumed(opened: Window, store: Store, song: Path) -> None:
    page, line = opened.page, Line(opened.page)
    visit(page)
    line.is_cut_after = 2
    choose(page, song)
    expect(row(page, "reconnecting")).to_be_visible()
    page.get_by_role("button", name="Pause a song.wav").click()
    line.mend()
    expect(row(page, "paused")).to_be_visible()
    page.get_by_role("button", name="Resume a song.wav").click()
    expect(row(page, "examining")).to_be_visible()
    assert content_of(store) == song.read_bytes()


def test_a_cancelled_upload_is_given_up(opened: Window, song: Path) -> None:
    page, line = opened.page, Line(opened.page)
    visit(page)
    line.is_cut_after = 1
    choose(page, song)
    expect(row(page, "reconnecting")).to_be_visible()
    with page.expect_response(UPLOADS):
        page.get_by_role("button", name="Cancel a song.wav").click()
    expect(row(page, "cancelled")).to_be_visible()
    asset = Asset.objects.get()
    assert (asset.status, asset.error["code"]) == ("failed", "cancelled")


def test_an_upload_whose_address_is_gone_begins_anew(opened: Window, store: Store, song: Path) -> None:
    page, line = opened.page, Line(opened.page)
    page.on("dialog", lambda dialog: dialog.accept())
    visit(page)
    line.is_cut_after = 2
    choose(page, song)
    expect(row(page, "reconnecting")).to_be_visible()
    row(page, "reconnecting").get_by_role("button", name="Pause").click()
    Asset.objects.all().delete()
    line.mend()
    visit(page)
    choose(page, song)
    expect(row(page, "examining")).to_be_visible()
    assert content_of(store) == song.read_bytes()


def test_hostile_names_are_only_names(opened: Window, store: Store) -> None:
    page, name = opened.page, "<img src=x onerror=alert(1)>{{7*7}}.mp4"
    visit(page)
    drop(page, name, "no film at all")
    expect(row(page, "failed")).to_contain_text("does not begin like video/mp4")
    expect(page.locator(".transfer .name")).to_have_text(name)
    assert page.locator(".transfer img").count() == 0
    assert opened.complaints == []


def test_what_cannot_be_sent_is_said_at_once(opened: Window) -> None:
    page = opened.page
    visit(page)
    drop(page, "empty.mp4", "")
    expect(row(page, "failed")).to_contain_text("The file is empty.")
    drop(page, "tool.exe", "MZ")
    expect(row(page, "failed").last).to_contain_text("are not accepted")
    expect(page.locator("[data-announcer]")).to_contain_text("tool.exe")
    assert not Asset.objects.exists()


def test_an_upload_becomes_the_source_of_a_task(opened: Window, store: Store, tmp_path: Path) -> None:
    page, path = opened.page, tmp_path / "shot.gif"
    path.write_bytes(
        b"GIF89a\x10\x00\x10\x00\x80\x00\x00\xff\x00\x00\x00\x00\x00!\xf9\x04\x00\x00\x00\x00\x00,\x00\x00\x00\x00"
        b"\x10\x00\x10\x00\x00\x02\x0e\x84\x8f\xa9\xcb\xed\x0f\xa3\x9c\xb4\xda\x8b\xb3>\x05\x00;"
    )
    visit(page, "/console/tasks/super-resolution")
    choose(page, path)
    expect(row(page, "examining")).to_be_visible()
    Asset.objects.update(status="ready", probe_due_at=None)
    expect(row(page, "ready")).to_be_visible()
    chosen = page.locator('#sources input[type="radio"]')
    expect(chosen).to_be_checked()
    assert chosen.get_attribute("value") == Asset.objects.get().id
    page.get_by_label("Scale, as a slider").fill("3.5")
    expect(page.get_by_label("Scale", exact=True)).to_have_value("3.5")


def test_the_protocol_says_what_the_other_side_means(opened: Window) -> None:
    opened.page.goto("/console/assets")
    found = opened.page.evaluate(
        """async () => {
            const p = await import("/static/console/upload-protocol.js");
            const kept = new Map();
            const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text) };
            const memory = new p.Memory(storage, "ws_1", () => Date.parse("2026-01-01T00:00:00Z"));
            const file = { name: "a", size: 1, lastModified: 2 };
            memory.keep(file, { id: "asset_1", expires_at: "2026-01-01T01:00:00Z" });
            memory.keep({ ...file, size: 3 }, { id: "asset_2", expires_at: "2025-12-31T23:00:00Z" });
            const remembered = memory.find(file)?.id;
            memory.forget(file);
            kept.set("broken", "{");
            return {
                held: ["bytes=0-99", null, "", "bytes=1-99", "bytes=0-x"].map(p.heldBytes),
                meanings: [200, 201, 308, 0, 408, 429, 500, 503, 404, 410, 499, 400, 403, 413].map(p.meaning),
                pieces: [p.nextPiece(0, 100, 8), p.nextPiece(262144, 1048576, 600000)],
                pauses: [p.pauseMs(1, 0), p.pauseMs(1, 1), p.pauseMs(20, 1)],
                sizes: [0, 1023, 1024, 5 * 1024 ** 3].map(p.sizeText),
                remembered,
                others: Object.keys(memory.all()).length,
            };
        }"""
    )
    assert found["held"] == [100, 0, 0, 0, 0]
    assert found["meanings"] == ["done"] * 2 + ["more"] + ["later"] * 5 + ["gone"] * 3 + ["refused"] * 3
    assert found["pieces"] == [{"start": 0, "end": 100}, {"start": 262144, "end": 262144 + 524288}]
    assert found["pauses"] == [500, 1000, 30000]
    assert found["sizes"] == ["0 B", "1023 B", "1.0 KB", "5.0 GB"]
    assert (found["remembered"], found["others"]) == ("asset_1", 0)


def test_files_can_be_sent_without_scripts(
    browser: Browser, live_server: LiveServer, person: Person, store: Store, song: Path
) -> None:
    session = signed_in(person).cookies["sessionid"].value
    with window(browser, live_server.url, session=session, scripts=False) as shown:
        shown.page.goto("/console/assets")
        shown.page.locator("#files").set_input_files(song)
        shown.page.get_by_role("button", name="Upload").click()
        expect(shown.page.get_by_text("Received a song.wav.")).to_be_visible()
    assert content_of(store) == song.read_bytes()
