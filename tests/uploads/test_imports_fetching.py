"""A worker fetches an import once, whatever is lost on the way, and leaves nothing behind."""

from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from pytest_django import Settings

from apps.events.models import Event
from apps.uploads import tasks
from apps.uploads.imports import fetching, lifecycle
from apps.uploads.imports.fetching import fetch_import
from apps.uploads.imports.lifecycle import begin
from apps.uploads.imports.schemas import ImportOut
from apps.uploads.models import Asset, Import
from apps.uploads.probing import Failure, Inconclusive
from framelane.lib import clock
from framelane.lib.storage import StorageError, Store
from tests.people import Person
from tests.uploads.files import mp4_like
from tests.web_site import Behaviour, Site, send

pytestmark = pytest.mark.django_db
CONTENT = mp4_like(3000)


@pytest.fixture(autouse=True)
def scratch_is_left_empty(site: Site, settings: Settings) -> Any:
    yield
    assert list(settings.FRAMELANE_SCRATCH.iterdir()) == []


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Move the clock on by so many seconds; it stands still from then on."""

    def move(seconds: int) -> None:
        then = clock.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: then)

    return move


def imported(person: Person, url: str) -> Import:
    return begin(workspace=person.workspace, url=url, requested=True)


def fetched(person: Person, url: str) -> Import:
    """An import of `url` after one attempt."""
    row = imported(person, url)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    return row


def stored(store: Store, person: Person) -> list[str]:
    return list(store.list(f"{person.workspace.id}/"))


def test_the_bytes_arrive(alice: Person, site: Site, store: Store, examined: list[Path]) -> None:
    row = fetched(alice, site.put("/clip.mp4", CONTENT))
    assert row.asset is not None
    assert (row.status, row.asset.status, row.asset.size_bytes) == ("stored", "ready", 3000)
    assert b"".join(store.read(row.asset.key)) == CONTENT
    assert stored(store, alice) == [row.asset.key] == [row.key]
    assert len(row.asset.sha256) == 64


@pytest.mark.parametrize(
    ("header", "url", "name"),
    [
        ("", "/a%20clip.mp4?x=1", "a clip.mp4"),
        ('attachment; filename="holiday.mp4"', "/x", "holiday.mp4"),
        ("attachment; filename=../../etc/passwd", "/x", "passwd"),
        ("attachment; filename*=UTF-8''%C3%A9t%C3%A9.mp4; filename=ete.mp4", "/x", "été.mp4"),
        ('attachment; filename="été.mp4"', "/x", "été.mp4"),
        ("attachment; filename*=nonsense''%FF", "/x.mp4", "ÿ"),
        ("inline", "/x.mp4", "x.mp4"),
        (f'attachment; filename="{"a" * 400}.mp4"', "/x", f"{'a' * 251}.mp4"),
    ],
)
def test_it_is_called_what_its_server_calls_it(
    alice: Person, site: Site, examined: list[Path], header: str, url: str, name: str
) -> None:
    headers = {"Content-Disposition": header.encode().decode("latin-1")} if header else {}
    site.put(url.partition("?")[0], CONTENT, headers=headers)
    row = fetched(alice, site.url + url)
    assert row.asset is not None
    assert row.asset.filename == name


def test_the_type_is_that_of_the_content(alice: Person, site: Site) -> None:
    png = cv2.imencode(".png", np.zeros((1, 1, 3), np.uint8))[1].tobytes()
    row = fetched(alice, site.put("/clip.mp4", png, headers={"Content-Type": "video/mp4"}))
    assert row.asset is not None
    assert (row.status, row.asset.kind, row.asset.content_type) == ("stored", "image", "image/png")
    assert (row.asset.width, row.asset.height, row.asset.key[-4:]) == (1, 1, ".png")


@pytest.mark.parametrize(
    ("status", "body", "code", "says"),
    [
        (404, b"", "source_not_found", "404"),
        (403, b"", "source_not_found", "403"),
        (200, b"", "invalid_source", "empty"),
        (200, b"#!/bin/sh\nexit", "invalid_source", "no video, audio, image or font"),
        (200, b"#EXTM3U\n#EXTINF:1\nhttp://10.0.0.1/a.ts", "invalid_source", "no video, audio, image or font"),
        (200, b"LUT_3D_SIZE 2\n" + b"0 0 0\n" * 8, "invalid_source", "no video, audio, image or font"),
        (200, b"<!DOCTYPE html><html><body>Sign in</body></html>", "invalid_source", "web page"),
        (200, b"\n  <HTML><head>", "invalid_source", "without signing in"),
    ],
)
def test_a_source_that_is_none_fails_at_once_and_says_why(
    alice: Person, site: Site, store: Store, status: int, body: bytes, code: str, says: str
) -> None:
    url = site.put("/clip.mp4", body, status)
    row = fetched(alice, f"{url}?token=secret")
    assert (row.status, row.attempts, row.error["code"]) == ("failed", 1, code)
    assert says in row.error["message"]
    assert url in row.error["message"]
    assert "secret" not in row.error["message"]
    assert row.asset is not None
    assert (row.asset.status, row.asset.error, row.asset.source) == ("failed", row.error, f"{url}?token=secret")
    assert Event.objects.filter(type="asset.failed").count() == 1
    assert stored(store, alice) == []


def test_a_page_that_says_so_is_a_page(alice: Person, site: Site) -> None:
    row = fetched(alice, site.put("/clip", b"window.location='/login'", headers={"Content-Type": "text/html; a=b"}))
    assert "web page" in row.error["message"]


def test_a_file_above_the_limit_is_not_fetched(alice: Person, site: Site, store: Store, settings: Settings) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 2999
    row = fetched(alice, site.put("/clip.mp4", CONTENT))
    assert row.error["code"] == "source_too_large"
    assert "2999" in row.error["message"]
    assert stored(store, alice) == []


def test_what_the_probe_refuses_never_reaches_the_store(
    alice: Person, site: Site, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Failure("codec_unsupported", "the video is stored in a codec that cannot be decoded")
    monkeypatch.setattr(fetching, "run_probe", lambda path, folder: refusal)
    row = fetched(alice, site.put("/clip.mp4", CONTENT))
    assert row.error == {"code": "codec_unsupported", "message": f"{site.url}/clip.mp4: {refusal.message}"}
    assert stored(store, alice) == []


def half(handler: BaseHTTPRequestHandler) -> None:
    send(handler, CONTENT[:1000], 200, {"Content-Length": "3000"})


def unavailable(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", 503)


@pytest.mark.parametrize("behaviour", [half, unavailable])
def test_what_may_pass_is_tried_again_later(
    alice: Person, site: Site, examined: list[Path], later: Callable[[int], None], behaviour: Behaviour
) -> None:
    later(0)
    row = fetched(alice, site.behave("/clip.mp4", behaviour))
    assert (row.status, row.attempts, ImportOut.of(row).error) == ("fetching", 1, None)
    fetch_import(import_id=row.id)
    assert len(site.asked) == 1
    site.put("/clip.mp4", CONTENT)
    later(5)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("stored", 2)


def test_it_is_given_up_after_the_fourth_attempt(
    alice: Person, site: Site, store: Store, later: Callable[[int], None]
) -> None:
    later(0)
    row = fetched(alice, site.behave("/clip.mp4", half))
    for pause_s in lifecycle.RETRY_PAUSES_S:
        later(pause_s - 1)
        fetch_import(import_id=row.id)
        later(1)
        fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error["code"]) == ("failed", 4, "source_not_found")
    assert len(site.asked) == 4
    assert Event.objects.filter(type="asset.failed").count() == 1


@pytest.mark.parametrize("trouble", [StorageError("away"), OSError(28, "No space left on device"), Inconclusive("?")])
def test_trouble_of_our_own_is_called_that(
    alice: Person,
    site: Site,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    later: Callable[[int], None],
    trouble: Exception,
) -> None:
    def break_down(*args: Any, **options: Any) -> None:
        raise trouble

    monkeypatch.setattr(fetching, "run_probe", break_down)
    row = fetched(alice, site.put("/clip.mp4", CONTENT))
    assert row.status == "fetching"
    for _ in lifecycle.RETRY_PAUSES_S:
        later(200)
        fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.error["code"]) == ("failed", "ingest_failed")
    assert "No space" not in row.error["message"]


def test_two_messages_mean_one_download(alice: Person, site: Site, examined: list[Path]) -> None:
    row = fetched(alice, site.put("/clip.mp4", CONTENT))
    fetch_import(import_id=row.id)
    fetch_import(import_id="import_unknown")
    assert len(site.asked) == 1
    assert Event.objects.filter(type="asset.ready").count() == 1


def test_a_lost_message_is_made_up_for(alice: Person, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    row = imported(alice, f"{site.url}/clip.mp4")
    hinted: list[str] = []
    monkeypatch.setattr(lifecycle, "hint", lambda task, import_id, **_: hinted.append(import_id))
    tasks.sweep()
    assert hinted == [row.id]


def test_a_killed_worker_is_made_up_for_and_its_half_file_removed(
    alice: Person,
    site: Site,
    store: Store,
    settings: Settings,
    examined: list[Path],
    later: Callable[[int], None],
) -> None:
    """It dies with the file half written: the folder stays, and the lease runs out."""
    row = imported(alice, site.put("/clip.mp4", CONTENT))
    assert lifecycle.claim(import_id=row.id) is not None
    folder = settings.FRAMELANE_SCRATCH / f"fetch-{row.id}-1-abc"
    folder.mkdir()
    (folder / "source.part").write_bytes(CONTENT[:1000])
    tasks.sweep()
    assert folder.exists()
    assert lifecycle.hint_due() == 0
    later(61)
    assert lifecycle.hint_due() == 1
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("stored", 2)
    tasks.sweep()
    assert not folder.exists()


def test_one_that_kills_every_worker_is_given_up(alice: Person, site: Site, later: Callable[[int], None]) -> None:
    row = imported(alice, f"{site.url}/clip.mp4")
    for _ in range(lifecycle.MAX_ATTEMPTS):
        assert lifecycle.claim(import_id=row.id) is not None
        later(61)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.error["code"]) == ("failed", "ingest_failed")
    assert site.asked == []


def test_a_worker_that_lost_its_lease_changes_nothing_and_takes_its_file_back(
    alice: Person, site: Site, store: Store, examined: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it puts the file into the store, another worker begins and finishes."""
    row = imported(alice, site.put("/clip.mp4", CONTENT))
    put_file = type(store).put_file

    def overtaken(self: Any, key: str, path: Path, content_type: str) -> Any:
        monkeypatch.setattr(type(store), "put_file", put_file)
        kept = put_file(self, key, path, content_type)
        Import.objects.filter(id=row.id).update(due_at=clock.now())
        site.put("/clip.mp4", mp4_like(4000))
        fetch_import(import_id=row.id)
        return kept

    monkeypatch.setattr(type(store), "put_file", overtaken)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert row.asset is not None
    assert (row.status, row.attempts, row.asset.size_bytes) == ("stored", 2, 4000)
    assert stored(store, alice) == [row.asset.key]
    assert Asset.objects.count() == 1


def test_an_import_that_nobody_wants_any_more_stays_withdrawn(alice: Person, site: Site) -> None:
    row = imported(alice, f"{site.url}/clip.mp4")
    held = lifecycle.claim(import_id=row.id)
    assert held is not None
    Import.objects.filter(id=row.id).update(status="withdrawn", due_at=None, ended_at=clock.now())
    assert not lifecycle.extend(held=held)
    assert not lifecycle.fail(held=held, code="timeout", message="late")
    lifecycle.try_again(held=held, code="timeout", message="late")
    lifecycle.give_back(held=held)
    row.refresh_from_db()
    assert (row.status, row.error, row.due_at) == ("withdrawn", None, None)


def test_a_worker_that_is_to_stop_gives_the_import_back(
    alice: Person, site: Site, examined: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = imported(alice, f"{site.url}/clip.mp4")

    def behave(handler: BaseHTTPRequestHandler) -> None:
        fetching.note_shutdown()
        send(handler, CONTENT, 200)

    site.behave("/clip.mp4", behave)
    try:
        fetch_import(import_id=row.id)
        fetch_import(import_id=row.id)
    finally:
        fetching._shutting_down.clear()
    row.refresh_from_db()
    assert (row.status, row.attempts, len(site.asked)) == ("fetching", 0, 1)
    site.put("/clip.mp4", CONTENT)
    fetch_import(import_id=row.id)
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("stored", 1)


def test_nothing_is_fetched_for_a_workspace_that_is_being_erased(alice: Person, site: Site) -> None:
    row = imported(alice, site.put("/clip.mp4", CONTENT))
    alice.workspace.erasure_requested_at = clock.now()
    alice.workspace.save()
    fetch_import(import_id=row.id)
    assert site.asked == []


def test_old_copies_are_forgotten_and_their_assets_kept(
    alice: Person, site: Site, examined: list[Path], later: Callable[[int], None]
) -> None:
    copy = begin(workspace=alice.workspace, url=site.put("/clip.mp4", CONTENT))
    kept = fetched(alice, copy.url)
    fetch_import(import_id=copy.id)
    assert lifecycle.discard_old() == 0
    later(lifecycle.KEPT_FOR_S + 1)
    assert lifecycle.discard_old() == 1
    assert list(Import.objects.all()) == [kept]
    assert Asset.objects.count() == 1
