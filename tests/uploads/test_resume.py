"""Uploads are the same for clients whatever the store: one suite, against a folder and against a bucket.

The folder is served by this product, the bucket by an emulator of Google's service, which is corrected where it departs
from the real protocol (tests/storage_emulator.py; it knows no preflight requests, which the service itself answers).
Two things stay different for clients: who cancels is answered with 204 by the one and 499 by the other, and only a
folder's URL ends by itself after its hour; a bucket's session is cancelled a little later, when the upload is given up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.events.models import Event
from apps.uploads import probing, tasks
from apps.uploads.models import Asset
from apps.uploads.retention import ABANDONED_AFTER_S
from framelane.lib import clock, storage
from framelane.lib.storage import BLOCK_BYTES, Store, get_store
from tests.people import Person
from tests.storage_emulator import emulator as emulator
from tests.uploads.files import film, mp4_like
from tests.uploads.sending import Sender, held_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SIZE = 2 * BLOCK_BYTES + 1000
CONTENT = mp4_like(SIZE)
PAGE = "https://app.example.com"


@dataclass(frozen=True)
class Place:
    """A store that uploads go to, with the two differences that clients can see."""

    cancelled: int
    refused: tuple[int, ...]


@pytest.fixture(params=["folder", "bucket"])
def place(
    request: pytest.FixtureRequest, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    if request.param == "folder":
        settings.FRAMELANE_PUBLIC_URL = request.getfixturevalue("live_server").url
        yield Place(cancelled=204, refused=(410,))
        return
    address = request.getfixturevalue("emulator")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    httpx.get(f"{address}/wipe?keep-buckets=1").raise_for_status()
    settings.STORAGE_URL = "gs://films/media"
    storage._open_cached.cache_clear()
    yield Place(cancelled=499, refused=(404, 410, 499))
    storage._open_cached.cache_clear()


def upload(
    person: Person, content: bytes = CONTENT, content_type: str = "video/mp4", origin: str = ""
) -> tuple[Sender, Asset]:
    headers = {"Origin": origin} if origin else {}
    answer = person.post("/v1/uploads", {"content_type": content_type}, headers=headers)
    assert answer.status_code == 201, answer.content
    asset = Asset.objects.get(workspace=person.workspace, key=answer.json()["source_url"].partition("/media/")[2])
    return Sender(answer.json()["upload_url"], content), asset


def arrived(asset: Asset) -> Asset:
    """The asset once the sweep has looked: of what went straight to a bucket nobody else tells."""
    tasks.sweep()
    asset.refresh_from_db()
    return asset


def stored(asset: Asset) -> bytes:
    return b"".join(get_store().read(asset.key))


def assert_received(asset: Asset, content: bytes = CONTENT) -> None:
    assert (arrived(asset).status, asset.size_bytes) == ("processing", len(content))
    assert stored(asset) == content


def test_a_file_is_sent_with_one_put(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    assert sender.at_once().status_code == 200
    assert_received(asset)


def test_a_file_is_sent_in_chunks_and_each_says_what_is_held(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    for start in (0, BLOCK_BYTES):
        answer = sender.piece(start, start + BLOCK_BYTES)
        assert (answer.status_code, answer.headers["Range"]) == (308, f"bytes=0-{start + BLOCK_BYTES - 1}")
    assert sender.piece(2 * BLOCK_BYTES, SIZE, SIZE).status_code == 200
    assert_received(asset)


def test_a_chunk_may_tell_the_whole_size_from_the_beginning(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    assert sender.piece(0, BLOCK_BYTES, SIZE).status_code == 308
    assert sender.piece(BLOCK_BYTES, SIZE, SIZE).status_code == 200
    assert_received(asset)


def test_what_is_held_can_be_asked_for(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    fresh = sender.put(content_range="bytes */*")
    assert (fresh.status_code, "Range" in fresh.headers) == (308, False)
    sender.piece(0, BLOCK_BYTES)
    asked = sender.put(content_range="bytes */*")
    assert (asked.status_code, held_by(asked)) == (308, BLOCK_BYTES)
    sender.resume()
    assert sender.held() is None
    assert_received(asset)


def test_a_part_is_not_taken_for_the_whole(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    sender.piece(0, 2 * BLOCK_BYTES)
    assert (arrived(asset).status, get_store().exists(asset.key)) == ("pending", False)


# Deadlines off: each example opens connections of its own.
_SPARINGLY = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_SPARINGLY
@given(breaks=st.lists(st.integers(0, SIZE - 1), min_size=1, max_size=3))
@example(breaks=[0])
@example(breaks=[1, 1])
@example(breaks=[BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1])
@example(breaks=[SIZE - 1, SIZE - 1])
def test_an_upload_resumes_after_a_break_at_any_byte(place: Place, alice: Person, breaks: list[int]) -> None:
    """Each connection dies after so many bytes; what is then held is never more than what was sent, nor lost again."""
    sender, asset = upload(alice)
    held = 0
    for at in breaks:
        sent = min(at, SIZE - held - 1)
        sender.break_off(held, sent)
        now_held = sender.held()
        assert now_held is not None
        assert held <= now_held <= held + sent
        assert sent - (now_held - held) < BLOCK_BYTES
        held = now_held
    assert sender.resume().status_code == 200
    assert_received(asset)


def test_a_break_after_the_last_byte_costs_nothing(place: Place, alice: Person) -> None:
    """The file is complete, and only its sender has not heard it."""
    sender, asset = upload(alice)
    sender.break_off(0, SIZE)
    assert sender.held() is None
    assert sender.resume().status_code == 200
    assert_received(asset)


def test_an_upload_is_bound_to_the_origin_that_asked(place: Place, alice: Person) -> None:
    sender, asset = upload(alice, origin=PAGE)
    allowed = sender.put(CONTENT[:BLOCK_BYTES], f"bytes 0-{BLOCK_BYTES - 1}/{SIZE}", Origin=PAGE)
    assert allowed.headers["Access-Control-Allow-Origin"] == PAGE
    assert "Range" in allowed.headers["Access-Control-Expose-Headers"]
    stranger = sender.put(content_range="bytes */*", Origin="https://evil.example.net")
    assert "Access-Control-Allow-Origin" not in stranger.headers
    assert asset.origin == PAGE


def test_an_upload_that_no_page_asked_for_is_bound_to_none(place: Place, alice: Person) -> None:
    sender, _ = upload(alice)
    assert "Access-Control-Allow-Origin" not in sender.at_once(Origin=PAGE).headers


def test_a_cancelled_upload_takes_nothing_more(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    sender.piece(0, BLOCK_BYTES)
    assert httpx.delete(sender.url).status_code == place.cancelled
    assert sender.piece(BLOCK_BYTES, SIZE, SIZE).status_code in place.refused
    assert sender.put(content_range="bytes */*").status_code in place.refused
    assert not get_store().exists(asset.key)
    assert arrived(asset).received_at is None


def test_an_upload_that_its_owner_deletes_takes_nothing_more(place: Place, alice: Person) -> None:
    sender, asset = upload(alice)
    sender.piece(0, BLOCK_BYTES)
    assert alice.delete(f"/v1/workspace/assets/{asset.id}").status_code == 204
    assert sender.piece(BLOCK_BYTES, SIZE, SIZE).status_code in (404, *place.refused)
    assert not get_store().exists(asset.key)


def test_an_upload_that_never_came_is_given_up(place: Place, alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    sender, asset = upload(alice)
    sender.piece(0, BLOCK_BYTES)
    then = asset.expires_at + timedelta(seconds=ABANDONED_AFTER_S + 1)
    monkeypatch.setattr(clock, "now", lambda: then)
    tasks.collect_garbage()
    assert (arrived(asset).status, asset.error["code"]) == ("failed", "upload_failed")
    assert sender.piece(BLOCK_BYTES, SIZE, SIZE).status_code in place.refused
    assert not get_store().exists(asset.key)
    assert [event.type for event in Event.objects.all()] == ["asset.failed"]


def test_one_that_is_late_but_on_its_way_still_counts(
    place: Place, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes began to come within the hour, and the last one came after it."""
    sender, asset = upload(alice)
    sender.at_once()
    then = asset.expires_at + timedelta(seconds=ABANDONED_AFTER_S - 60)
    monkeypatch.setattr(clock, "now", lambda: then)
    tasks.collect_garbage()
    assert_received(asset)


@pytest.mark.parametrize(
    ("content_type", "content"),
    [("video/mp4", b"#EXTM3U\nfile:///etc/passwd\n"), ("image/png", b"<!doctype html>"), ("image/jpeg", CONTENT)],
)
def test_content_of_another_kind_fails_and_is_deleted(
    place: Place, alice: Person, content_type: str, content: bytes
) -> None:
    sender, asset = upload(alice, content, content_type)
    assert sender.at_once().status_code == 200
    assert (arrived(asset).status, asset.error["code"]) == ("failed", "invalid_source")
    assert not get_store().exists(asset.key)
    assert [event.type for event in Event.objects.all()] == ["asset.failed"]


def test_a_file_that_is_too_large_is_not_kept(place: Place, alice: Person, settings: Settings) -> None:
    """The folder refuses it on the way, a bucket's is refused once it is there."""
    settings.FRAMELANE_SOURCE_MAX_BYTES = SIZE - 1
    sender, asset = upload(alice)
    assert sender.at_once().status_code in (200, 413)
    assert arrived(asset).status in ("pending", "failed")
    assert not get_store().exists(asset.key)


@pytest.mark.slow
def test_a_received_film_is_examined_and_becomes_ready(
    place: Place, alice: Person, tmp_path: Path, settings: Settings
) -> None:
    settings.FRAMELANE_SCRATCH = tmp_path
    content = film(tmp_path / "film.mp4")
    sender, asset = upload(alice, content)
    sender.break_off(0, len(content) // 2)
    assert sender.resume().status_code == 200
    assert arrived(asset).probe_due_at is not None
    probing.probe_asset(asset_id=asset.id)
    body = alice.get(f"/v1/workspace/assets/{asset.id}").json()
    facts = {name: body[name] for name in ("status", "kind", "width", "height", "duration", "size_bytes")}
    assert facts == {
        "status": "ready",
        "kind": "video",
        "width": 64,
        "height": 48,
        "duration": 0.2,
        "size_bytes": len(content),
    }
    [event] = Event.objects.all()
    assert (event.type, event.data["asset"]["id"]) == ("asset.ready", asset.id)


def test_two_uploads_never_mix(place: Place, alice: Person, bob: Person) -> None:
    hers, her_asset = upload(alice)
    his, his_asset = upload(bob, CONTENT[::-1][:100].join([CONTENT[:32], b""]))
    hers.piece(0, BLOCK_BYTES)
    his.at_once()
    hers.resume()
    assert_received(her_asset)
    assert stored(his_asset) == his.content
