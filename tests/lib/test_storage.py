"""What every store does, checked against a folder and against a bucket behind Google's own client."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from framelane.lib.signing import Signer
from framelane.lib.storage import (
    BLOCK_BYTES,
    InvalidKey,
    MediaLinks,
    ObjectNotFound,
    OffsetMismatch,
    SessionGone,
    Store,
    UploadSession,
    open_store,
)
from tests.storage_emulator import emulator as emulator

pytestmark = pytest.mark.slow

WORKSPACE = "ws_01J8QR2K5VKDGN2T4FBM3CZYX7"
OTHER = "ws_01J8QR2K5VKDGN2T4FBM3CZYX8"
KEY = f"{WORKSPACE}/uploads/clip.mp4"
LINKS = MediaLinks("http://localhost:8000", Signer.for_purpose("media", "a secret"))


@pytest.fixture(params=["folder", "bucket", "bucket with prefix"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "folder":
        return open_store((tmp_path / "store").as_uri(), LINKS)
    address = request.getfixturevalue("emulator")
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
    httpx.get(f"{address}/wipe?keep-buckets=1").raise_for_status()
    return open_store("gs://films" if request.param == "bucket" else "gs://films/media/eu", LINKS)


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Callable[..., bytes]:
    def write(key: str = KEY, content: bytes = b"moving pictures", content_type: str = "video/mp4") -> bytes:
        path = tmp_path / "source"
        path.write_bytes(content)
        store.put_file(key, path, content_type)
        return content

    return write


def read(store: Store, key: str, start: int = 0, length: int | None = None) -> bytes:
    return b"".join(store.read(key, start, length))


def test_a_stored_file_is_read_back(store: Store, put: Callable[..., bytes], tmp_path: Path) -> None:
    content = put(content=os.urandom(3 * BLOCK_BYTES + 7))
    assert read(store, KEY) == content
    store.fetch(KEY, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == content
    assert all(len(block) <= BLOCK_BYTES for block in store.read(KEY))


def test_stat_tells_size_type_and_time(store: Store, put: Callable[..., bytes]) -> None:
    content = put()
    facts = store.stat(KEY)
    assert (facts.size_bytes, facts.content_type, store.size(KEY)) == (len(content), "video/mp4", len(content))
    assert abs(facts.modified_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert facts.etag.startswith('"')
    assert facts.etag.endswith('"')


def test_replacing_an_object_changes_its_etag(store: Store, put: Callable[..., bytes]) -> None:
    put(content=b"first")
    before = store.stat(KEY).etag
    put(content=b"other")
    assert read(store, KEY) == b"other"
    assert store.stat(KEY).etag != before


@pytest.mark.parametrize(
    ("start", "length", "expected"),
    [(0, 4, b"0123"), (3, None, b"3456789"), (9, 1, b"9"), (4, 100, b"456789"), (10, None, b""), (0, 0, b"")],
)
def test_a_range_is_read(
    store: Store, put: Callable[..., bytes], start: int, length: int | None, expected: bytes
) -> None:
    put(content=b"0123456789")
    assert read(store, KEY, start, length) == expected


def test_fetch_replaces_what_was_there(store: Store, put: Callable[..., bytes], tmp_path: Path) -> None:
    content = put()
    target = tmp_path / "target"
    target.write_bytes(b"something old and longer than the new content")
    store.fetch(KEY, target)
    assert target.read_bytes() == content


def test_a_fetched_file_survives_replacement_of_the_object(
    store: Store, put: Callable[..., bytes], tmp_path: Path
) -> None:
    content = put(content=b"first")
    store.fetch(KEY, tmp_path / "fetched")
    put(content=b"second")
    assert (tmp_path / "fetched").read_bytes() == content


def test_what_is_not_there_is_named(store: Store, tmp_path: Path) -> None:
    assert not store.exists(KEY)
    actions: list[Callable[[], object]] = [
        lambda: store.stat(KEY),
        lambda: store.size(KEY),
        lambda: store.read(KEY),
        lambda: store.fetch(KEY, tmp_path / "target"),
    ]
    for action in actions:
        with pytest.raises(ObjectNotFound):
            action()
    assert not (tmp_path / "target").exists()


def test_a_missing_source_stores_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.put_file(KEY, tmp_path / "missing", "video/mp4")
    assert not store.exists(KEY)


def test_delete_is_idempotent(store: Store, put: Callable[..., bytes]) -> None:
    put()
    assert store.exists(KEY)
    store.delete(KEY)
    store.delete(KEY)
    assert not store.exists(KEY)


def test_list_and_delete_stay_in_their_folder(store: Store, put: Callable[..., bytes]) -> None:
    keys = [f"{WORKSPACE}/renders/job/attempt-{n}/output.mp4" for n in (1, 2)]
    strangers = [f"{WORKSPACE}/renders/job2/output.mp4", f"{OTHER}/renders/job/output.mp4"]
    for key in keys + strangers:
        put(key)
    assert list(store.list(f"{WORKSPACE}/renders/job/")) == keys
    assert store.delete_prefix(f"{WORKSPACE}/renders/job/") == 2
    assert store.delete_prefix(f"{WORKSPACE}/renders/job/") == 0
    assert [store.exists(key) for key in strangers] == [True, True]
    assert list(store.list(f"{WORKSPACE}/")) == strangers[:1]


def test_the_inventory_tells_every_object_by_workspace(store: Store, put: Callable[..., bytes]) -> None:
    keys = [f"{OTHER}/uploads/a.mp4", f"{WORKSPACE}/renders/job/attempt-1/output.mp4", KEY]
    for size_bytes, key in enumerate(keys, start=1):
        put(key, b"x" * size_bytes)
    found = {held.key: held for held in store.inventory()}
    assert {key: held.size_bytes for key, held in found.items()} == {key: n for n, key in enumerate(keys, start=1)}
    assert all(abs(held.modified_at - datetime.now(UTC)) < timedelta(minutes=5) for held in found.values())
    workspaces = [held.key.partition("/")[0] for held in store.inventory()]
    assert workspaces in ([WORKSPACE, WORKSPACE, OTHER], [OTHER, WORKSPACE, WORKSPACE])
    assert [held.key for held in store.inventory(f"{WORKSPACE}/renders/")] == keys[1:2]
    assert not list(store.inventory(f"{WORKSPACE}/nothing/"))
    with pytest.raises(InvalidKey):
        list(store.inventory("../"))


def test_an_open_upload_is_no_object(store: Store) -> None:
    session = store.start_upload(KEY, "video/mp4")
    store.append(session, 0, [b"a" * BLOCK_BYTES])
    assert not list(store.inventory())
    assert not list(store.leftovers(60))


HOSTILE_KEYS = [
    "",
    "/",
    "uploads/clip.mp4",
    f"/{KEY}",
    WORKSPACE,
    f"{WORKSPACE}/",
    f"{WORKSPACE}//clip.mp4",
    f"{WORKSPACE}/../{OTHER}/clip.mp4",
    f"{WORKSPACE}/uploads/..",
    f"{WORKSPACE}/./clip.mp4",
    f"{WORKSPACE}/.hidden",
    f"{WORKSPACE}/up loads/clip.mp4",
    f"{WORKSPACE}/uploads\\clip.mp4",
    f"{WORKSPACE}/clip\0.mp4",
    f"{WORKSPACE}/clip.mp4\n",
    f"{WORKSPACE}/klipp-å.mp4",
    f"{WORKSPACE}/%2e%2e/clip.mp4",
    f"{WORKSPACE}/" + "a" * 129,
    f"{WORKSPACE}/" + "a/" * 300 + "b",
    "ws_short/uploads/clip.mp4",
    ".sessions/x/data",
]


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_names_outside_a_workspace_are_refused(store: Store, tmp_path: Path, key: str) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    actions: list[Callable[[], object]] = [
        lambda: store.put_file(key, source, "video/mp4"),
        lambda: store.fetch(key, tmp_path / "target"),
        lambda: store.stat(key),
        lambda: store.exists(key),
        lambda: store.read(key),
        lambda: store.delete(key),
        lambda: store.signed_url(key, 60),
        lambda: store.start_upload(key, "video/mp4"),
    ]
    for action in actions:
        with pytest.raises(InvalidKey):
            action()


@pytest.mark.parametrize(
    "prefix", ["", "/", "ws_", WORKSPACE, f"{WORKSPACE}/../", f"{WORKSPACE}//", "../", ".sessions/"]
)
def test_prefixes_outside_a_workspace_are_refused(store: Store, prefix: str) -> None:
    with pytest.raises(InvalidKey):
        list(store.list(prefix))
    with pytest.raises(InvalidKey):
        store.delete_prefix(prefix)


def test_an_upload_in_pieces_becomes_the_object(store: Store) -> None:
    content = os.urandom(2 * BLOCK_BYTES + 5)
    session = store.start_upload(KEY, "video/mp4", "https://app.example.com")
    assert store.upload_offset(session) == 0
    assert store.append(session, 0, [content[:BLOCK_BYTES]]) == BLOCK_BYTES
    assert store.upload_offset(session) == BLOCK_BYTES
    assert not store.exists(KEY)
    rest = [content[BLOCK_BYTES : 2 * BLOCK_BYTES], content[2 * BLOCK_BYTES :]]
    assert store.append(session, BLOCK_BYTES, rest, len(content)) == len(content)
    assert store.finish_upload(session, len(content)).size_bytes == len(content)
    assert read(store, KEY) == content
    assert store.stat(KEY).content_type == "video/mp4"


@pytest.mark.parametrize("offset", [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES + 1])
def test_bytes_elsewhere_than_at_the_end_are_refused(store: Store, offset: int) -> None:
    session = store.start_upload(KEY, "video/mp4")
    store.append(session, 0, [b"a" * BLOCK_BYTES])
    with pytest.raises(OffsetMismatch) as caught:
        store.append(session, offset, [b"b" * BLOCK_BYTES])
    assert caught.value.held_bytes == BLOCK_BYTES == store.upload_offset(session)


def test_an_incomplete_upload_cannot_be_finished(store: Store) -> None:
    session = store.start_upload(KEY, "video/mp4")
    store.append(session, 0, [b"a" * BLOCK_BYTES])
    with pytest.raises(OffsetMismatch):
        store.finish_upload(session, BLOCK_BYTES + 1)
    assert not store.exists(KEY)


def test_a_cancelled_session_is_gone(store: Store) -> None:
    session = store.start_upload(KEY, "video/mp4")
    store.append(session, 0, [b"a" * BLOCK_BYTES])
    store.cancel_upload(session)
    store.cancel_upload(session)
    with pytest.raises(SessionGone):
        store.upload_offset(session)
    with pytest.raises(SessionGone):
        store.append(session, BLOCK_BYTES, [b"a"])
    with pytest.raises(SessionGone):
        store.finish_upload(session, BLOCK_BYTES)
    assert not store.exists(KEY)


@pytest.mark.parametrize("address", ["", "s3://films", "gs://", "file://host/folder", "folder", "file:folder"])
def test_an_unknown_address_is_refused_with_what_would_be_accepted(address: str) -> None:
    with pytest.raises(ValueError, match=r"gs://bucket/prefix"):
        open_store(address, LINKS)


def test_an_unknown_local_handle_names_no_folder(tmp_path: Path) -> None:
    store = open_store(tmp_path.as_uri(), LINKS)
    for handle in ["", "..", "../../etc", "a" * 31, "A" * 32, "a" * 33]:
        with pytest.raises(SessionGone):
            store.cancel_upload(UploadSession(KEY, handle))
