"""What only the folder store promises: no half objects, no mixed uploads, links that expire."""

import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from framelane.lib.signing import BadSignature, Expired, Signer
from framelane.lib.storage import MediaLinks, OffsetMismatch, SessionGone
from framelane.lib.storage.content_types import EXTENSIONS, content_type_of, extension_for
from framelane.lib.storage.local import LocalStore

WORKSPACE = "ws_01J8QR2K5VKDGN2T4FBM3CZYX7"
KEY = f"{WORKSPACE}/uploads/clip.mp4"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LINKS = MediaLinks("https://films.example.com", Signer.for_purpose("media", "a secret"))


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store", LINKS)


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_folders_that_vanish_while_they_are_listed_do_not_matter(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"x")
    store.put_file(KEY, tmp_path / "source", "video/mp4")
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            for n in range(50):
                store.put_file(f"{WORKSPACE}/renders/{n}/film.mp4", tmp_path / "source", "video/mp4")
            store.delete_prefix(f"{WORKSPACE}/renders/")

    other = threading.Thread(target=come_and_go)
    other.start()
    try:
        for _ in range(200):
            assert KEY in store.list(f"{WORKSPACE}/")
            assert KEY in [found.key for found in store.inventory()]
    finally:
        over.set()
        other.join()


def test_fetch_links_instead_of_copying(store: LocalStore, tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"x")
    store.put_file(KEY, tmp_path / "source", "video/mp4")
    store.fetch(KEY, tmp_path / "fetched")
    assert (tmp_path / "fetched").stat().st_nlink == 2


def test_fetch_copies_where_links_are_impossible(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").write_bytes(b"x")
    store.put_file(KEY, tmp_path / "source", "video/mp4")

    def refuse(*paths: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    store.fetch(KEY, tmp_path / "fetched")
    assert (tmp_path / "fetched").read_bytes() == b"x"


def test_a_write_that_fails_leaves_the_old_object_and_nothing_else(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"old")
    store.put_file(KEY, source, "video/mp4")
    source.write_bytes(b"new")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.put_file(KEY, source, "video/mp4")
    assert b"".join(store.read(KEY)) == b"old"
    assert files_in(tmp_path / "store") == [KEY]


def test_bytes_before_a_break_are_kept(store: LocalStore) -> None:
    session = store.start_upload(KEY, "video/mp4")

    def broken() -> Iterator[bytes]:
        yield b"abc"
        yield b"de"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.append(session, 0, broken())
    assert store.upload_offset(session) == 5
    store.append(session, 5, [b"fg"])
    store.finish_upload(session, 7)
    assert b"".join(store.read(KEY)) == b"abcdefg"


def test_a_finished_upload_leaves_no_session_behind(store: LocalStore, tmp_path: Path) -> None:
    session = store.start_upload(KEY, "video/mp4")
    store.append(session, 0, [b"abc"])
    store.finish_upload(session, 3)
    assert files_in(tmp_path / "store") == [KEY]
    with pytest.raises(SessionGone):
        store.append(session, 3, [b"more"])
    assert b"".join(store.read(KEY)) == b"abc"


def test_a_stalled_writer_stops_when_another_has_gone_on(store: LocalStore) -> None:
    session = store.start_upload(KEY, "video/mp4")

    def stalled() -> Iterator[bytes]:
        yield b"abc"
        store.append(session, 3, [b"DEF"])
        yield b"def"

    with pytest.raises(OffsetMismatch) as caught:
        store.append(session, 0, stalled())
    assert caught.value.held_bytes == 6
    store.finish_upload(session, 6)
    assert b"".join(store.read(KEY)) == b"abcDEF"


def test_a_writer_cannot_reach_the_finished_object(store: LocalStore) -> None:
    session = store.start_upload(KEY, "video/mp4")

    def late() -> Iterator[bytes]:
        yield b"abc"
        store.finish_upload(session, 3)
        yield b"def"

    with pytest.raises(SessionGone):
        store.append(session, 0, late())
    assert b"".join(store.read(KEY)) == b"abc"


def test_writers_at_once_never_mix(store: LocalStore) -> None:
    session = store.start_upload(KEY, "video/mp4")
    start, outcomes = threading.Barrier(4), []

    def write(letter: bytes) -> None:
        start.wait()
        try:
            outcomes.append(store.append(session, 0, [letter * 1000 for _ in range(50)]))
        except OffsetMismatch:
            outcomes.append(0)

    threads = [threading.Thread(target=write, args=(letter,)) for letter in (b"a", b"b", b"c", b"d")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [0, 0, 0, 50_000]
    store.finish_upload(session, 50_000)
    assert len(set(b"".join(store.read(KEY)))) == 1


def query_of(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_signed_link_is_checked_with_all_its_parts() -> None:
    query = query_of(LINKS.signed(KEY, NOW + timedelta(minutes=5), "My film, final.mp4"))
    LINKS.check(KEY, query["expires"], query["signature"], query["filename"], NOW)
    wrong = [
        (KEY + "4", query["expires"], query["signature"], query["filename"]),
        (KEY, str(int(query["expires"]) + 1), query["signature"], query["filename"]),
        (KEY, query["expires"], query["signature"][:-1] + "A!", query["filename"]),
        (KEY, query["expires"], query["signature"], "other.html"),
        (KEY, query["expires"], query["signature"], ""),
        (KEY, "", "", ""),
    ]
    for parts in wrong:
        with pytest.raises(BadSignature):
            LINKS.check(*parts, NOW)
    with pytest.raises(Expired):
        LINKS.check(KEY, query["expires"], query["signature"], query["filename"], NOW + timedelta(minutes=5))


@pytest.mark.parametrize(
    "url",
    [
        f"https://films.example.com/media/{KEY}",
        f"https://films.example.com:443/media/{KEY}?expires=1&signature=x",
        f"https://FILMS.example.com/media/{KEY}#t=3",
    ],
)
def test_own_addresses_are_understood(url: str) -> None:
    assert LINKS.key_of(url) == KEY


@pytest.mark.parametrize(
    "url",
    [
        f"http://films.example.com/media/{KEY}",
        f"https://films.example.com:8443/media/{KEY}",
        f"https://films.example.com.evil.net/media/{KEY}",
        f"https://films.example.com@evil.net/media/{KEY}",
        f"https://films.example.com/other/media/{KEY}",
        "https://films.example.com/media/",
        f"https://films.example.com/media/{WORKSPACE}/../x",
        f"https://films.example.com/media/{WORKSPACE}/%2e%2e/x",
        "https://films.example.com:port/media/x",
        "https://[::1/media/x",
        "",
    ],
)
def test_other_addresses_are_not(url: str) -> None:
    assert LINKS.key_of(url) is None


def test_every_content_type_has_an_extension_that_means_its_family() -> None:
    for content_type in EXTENSIONS:
        assert content_type_of(f"x.{extension_for(content_type)}").partition("/")[0] == content_type.partition("/")[0]


def test_a_filename_chooses_only_among_fitting_extensions() -> None:
    assert extension_for("image/jpeg", "photo.JPEG") == "jpeg"
    assert extension_for("video/mp4", "page.html") == "mp4"
    assert extension_for("video/mp4", None) == "mp4"
    assert extension_for("video/mp4", "no extension") == "mp4"
