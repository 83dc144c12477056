"""Sending the bytes of an upload: the resumable protocol, from the well-behaved to the hostile."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from apps.events.models import Event
from apps.uploads.models import Asset
from framelane.lib import clock
from framelane.lib.signing import Signer
from framelane.lib.storage import StorageError, Store
from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

CONTENT = mp4_like(1000)


def stored(store: Store, upload: Upload) -> bytes:
    return b"".join(store.read(upload.asset.key))


def code_of(answer: Any) -> str:
    code: str = answer.json()["error"]["code"]
    return code


def test_one_put_sends_the_whole_file(alice: Person, store: Store) -> None:
    upload = Upload(alice, filename="clip.mp4")
    answer = upload.put(CONTENT)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["source_url"], body["status"]) == (upload.asset.id, upload.source_url, "processing")
    assert (body["size_bytes"], body["kind"], body["filename"]) == (1000, "video", "clip.mp4")
    assert stored(store, upload) == CONTENT


def test_chunks_are_confirmed_one_by_one(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    first = upload.piece(CONTENT, 0, 400, 1000)
    assert (first.status_code, first.headers["Range"], first.content) == (308, "bytes=0-399", b"")
    second = upload.piece(CONTENT, 400, 401, 1000)
    assert (second.status_code, second.headers["Range"]) == (308, "bytes=0-400")
    assert upload.reload().status == "pending"
    assert not store.exists(upload.asset.key)
    assert upload.piece(CONTENT, 401, 1000, 1000).status_code == 200
    assert stored(store, upload) == CONTENT


def test_the_size_may_be_told_last(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    assert upload.piece(CONTENT, 0, 600).status_code == 308
    assert upload.piece(CONTENT, 600, 1000).status_code == 308
    assert upload.put(content_range="bytes */*").status_code == 308
    assert upload.put(content_range="bytes */1000").status_code == 200
    assert stored(store, upload) == CONTENT


def test_nothing_has_come_at_first(alice: Person) -> None:
    answer = Upload(alice).put(content_range="bytes */1000")
    assert answer.status_code == 308
    assert "Range" not in answer.headers


@given(
    size=st.integers(30, 400),
    tells_size=st.booleans(),
    attempts=st.lists(st.tuples(st.integers(1, 200), st.integers(0, 200)), max_size=6),
)
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_resumes_after_a_break_at_any_byte(
    alice: Person, store: Store, size: int, tells_size: bool, attempts: list[tuple[int, int]]
) -> None:
    """Connections break anywhere; a sender that asks and goes on from there always ends with the same file.

    Each attempt is the length of a chunk and how many of its bytes come before the connection breaks.
    """
    content, upload, held = mp4_like(size), Upload(alice), 0
    total = size if tells_size else None
    for length, survivors in attempts:
        end = min(held + length, size - 1)
        if end > held:
            _send_broken(upload, content, held, end, min(held + survivors, end), total)
            held = min(held + survivors, end)
        assert upload.offset() == held
    assert upload.piece(content, held, size, size).status_code == 200
    assert stored(store, upload) == content


def _send_broken(upload: Upload, content: bytes, start: int, end: int, broken_at: int, total: int | None) -> Any:
    """A chunk that announces `start` to `end`, of which only the bytes before `broken_at` come."""
    environ: dict[str, Any] = {"CONTENT_LENGTH": str(end - start), "wsgi.input": io.BytesIO(content[start:broken_at])}
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{total or '*'}"}
    return upload.client.generic("PUT", upload.path, b"", headers=headers, **environ)


@pytest.mark.parametrize("start", [0, 1, 399, 401, 999])
def test_a_chunk_elsewhere_changes_nothing_and_is_told_where_to_go_on(alice: Person, store: Store, start: int) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400, 1000)
    answer = upload.put(b"X" * (1000 - start), f"bytes {start}-999/1000")
    assert (answer.status_code, answer.headers["Range"]) == (308, "bytes=0-399")
    assert upload.piece(CONTENT, 400, 1000, 1000).status_code == 200
    assert stored(store, upload) == CONTENT


def test_a_whole_file_after_a_part_is_told_where_to_go_on(alice: Person) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400)
    answer = upload.put(CONTENT)
    assert (answer.status_code, answer.headers["Range"]) == (308, "bytes=0-399")
    assert upload.reload().total_bytes is None


@pytest.mark.parametrize(
    "content_range",
    [
        "",
        "bytes",
        "bytes 0-9",
        "bytes 0-9/",
        "bytes 0-9/5",
        "bytes 9-0/10",
        "bytes -5/10",
        "bytes 0-/10",
        "bytes 0-*/10",
        "bytes=0-9/10",
        "items 0-9/10",
        "bytes 0-9/10, bytes 10-19/20",
        "bytes 0x0-9/10",
        "bytes +0-9/10",
        "bytes -1--1/10",
        "bytes ٠-٩/10",
        "bytes 0-9/10\x00",
        "bytes 0-9/1e1",
        "bytes 0-8/10",
        "bytes 0-10/11",
        "bytes 0-99999999999999999999/*",
        "bytes */10",
        "bytes */*",
    ],
)
def test_a_content_range_that_cannot_be_is_refused(alice: Person, content_range: str) -> None:
    upload = Upload(alice)
    answer = upload.put(CONTENT[:10], content_range)
    assert (answer.status_code, code_of(answer)) == (400, "invalid_request")
    assert upload.offset() == 0


def test_another_total_than_before_is_refused(alice: Person) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400, 1000)
    for answer in [upload.piece(CONTENT, 400, 500, 900), upload.put(content_range="bytes */1001")]:
        assert (answer.status_code, code_of(answer)) == (400, "invalid_request")
        assert "1000" in answer.json()["error"]["message"]
    assert upload.offset() == 400


def test_a_total_below_what_has_come_is_refused_and_forgotten(alice: Person) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400)
    assert upload.put(content_range="bytes */399").status_code == 400
    assert upload.piece(CONTENT, 400, 1000, 1000).status_code == 200


def test_a_chunk_beyond_the_announced_total_is_refused(alice: Person) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400, 600)
    assert upload.piece(CONTENT, 400, 601).status_code == 400
    assert upload.offset() == 400


@pytest.mark.parametrize("content_range", [None, "bytes */0"])
def test_an_empty_file_is_refused_and_the_upload_goes_on(alice: Person, content_range: str | None) -> None:
    upload = Upload(alice)
    assert upload.put(b"", content_range).status_code == 400
    assert upload.put(CONTENT).status_code == 200


@pytest.mark.parametrize(
    ("size", "content_range"),
    [(1001, None), (10, "bytes 0-9/1001"), (10, "bytes 995-1004/*"), (0, "bytes */1001")],
)
def test_more_than_the_limit_is_refused(
    alice: Person, settings: Settings, size: int, content_range: str | None
) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 1000
    upload = Upload(alice)
    answer = upload.put(mp4_like(size), content_range)
    assert (answer.status_code, code_of(answer)) == (413, "payload_too_large")
    assert upload.offset() == 0


def test_the_limit_itself_is_accepted(alice: Person, settings: Settings) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 1000
    assert Upload(alice).put(CONTENT).status_code == 200


def chunked(upload: Upload, body: Any, **environ: Any) -> Any:
    """A body with `Transfer-Encoding: chunked`, as a server hands it over that decodes it."""
    extra = {"wsgi.input": body, "wsgi.input_terminated": True, **environ}
    return upload.client.generic("PUT", upload.path, b"", headers={"Transfer-Encoding": "chunked"}, **extra)


class Breaking(io.BytesIO):
    """A stream whose connection breaks where its bytes end."""

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        if not block:
            raise ConnectionResetError
        return block


def test_a_body_without_a_length_ends_where_it_ends(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    assert chunked(upload, io.BytesIO(CONTENT)).status_code == 200
    assert stored(store, upload) == CONTENT


def test_a_broken_body_without_a_length_is_not_taken_for_the_whole(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    answer = chunked(upload, Breaking(CONTENT[:400]))
    assert (answer.status_code, answer.headers["Range"]) == (308, "bytes=0-399")
    assert upload.piece(CONTENT, 400, 1000, 1000).status_code == 200
    assert stored(store, upload) == CONTENT


def test_a_body_without_a_length_meets_the_limit_too(alice: Person, settings: Settings) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 1000
    answer = chunked(Upload(alice), io.BytesIO(mp4_like(1001)))
    assert (answer.status_code, code_of(answer)) == (413, "payload_too_large")


def test_a_body_without_a_length_is_refused_by_servers_that_cannot_tell_its_end(alice: Person) -> None:
    answer = chunked(Upload(alice), io.BytesIO(CONTENT), **{"wsgi.input_terminated": False})
    assert answer.status_code == 411


@pytest.mark.parametrize("content_range", [None, "bytes 0-9/1000", "bytes */*", "bytes */1000", "nonsense"])
def test_after_the_last_byte_every_put_gets_the_same_answer(
    alice: Person, store: Store, content_range: str | None
) -> None:
    upload = Upload(alice)
    first = upload.put(CONTENT)
    again = upload.put(b"other bytes"[: 0 if content_range else None], content_range)
    assert (again.status_code, again.json()) == (200, first.json())
    assert stored(store, upload) == CONTENT


def test_a_file_that_was_stored_but_not_noted_is_noted_by_the_next_request(alice: Person, store: Store) -> None:
    """The process died between the two."""
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 1000)
    store.finish_upload(upload.asset.upload_session, 1000)
    answer = upload.put(content_range="bytes */1000")
    assert (answer.status_code, answer.json()["status"]) == (200, "processing")


def test_an_expired_url_is_gone(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400)
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = upload.piece(CONTENT, 400, 1000, 1000)
    assert (answer.status_code, code_of(answer)) == (410, "gone")


def test_only_urls_of_ours_are_taken(alice: Person) -> None:
    upload = Upload(alice)
    token = upload.path.removeprefix("/uploads/")
    later = clock.now() + timedelta(hours=1)
    forged = [
        "x",
        "a.b.c",
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:-1],
        token + "A",
        upload.asset.id,
        Signer.for_purpose("upload", "another secret").token(upload.asset.id, later),
        Signer.for_purpose("media", "tests").token(upload.asset.id, later),
    ]
    for wrong in forged:
        answer = Client().generic("PUT", f"/uploads/{wrong}", CONTENT)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")
    assert upload.reload().status == "pending"


def test_cancelling_frees_the_bytes_and_ends_the_upload(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400)
    assert upload.client.delete(upload.path).status_code == 204
    assert upload.client.delete(upload.path).status_code == 204
    assert upload.piece(CONTENT, 400, 1000, 1000).status_code == 410
    assert (upload.reload().status, upload.asset.error["code"]) == ("failed", "cancelled")
    assert not store.exists(upload.asset.key)
    assert [event.type for event in Event.objects.all()] == ["asset.failed"]


def test_an_upload_that_is_cancelled_with_its_last_byte_leaves_nothing(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is already stored when the cancellation wins."""
    upload = Upload(alice)
    finish = type(store).finish_upload

    def finish_and_lose(*args: Any) -> Any:
        facts = finish(*args)
        assert upload.client.delete(upload.path).status_code == 204
        return facts

    monkeypatch.setattr(type(store), "finish_upload", finish_and_lose)
    assert upload.put(CONTENT).status_code == 410
    assert upload.reload().error["code"] == "cancelled"
    assert not store.exists(upload.asset.key)


def test_a_complete_upload_cannot_be_cancelled(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    upload.put(CONTENT)
    answer = upload.client.delete(upload.path)
    assert (answer.status_code, code_of(answer)) == (409, "conflict")
    assert stored(store, upload) == CONTENT


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "TRACE", "FROB"])
def test_other_methods_are_refused(alice: Person, method: str) -> None:
    upload = Upload(alice)
    answer = upload.client.generic(method, upload.path)
    assert answer.status_code == 405
    assert "PUT" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("content_type", "content"),
    [
        ("video/mp4", b"#EXTM3U\n#EXT-X-VERSION:3\nfile:///etc/passwd\n"),
        ("video/mp4", b"ffconcat version 1.0\nfile /etc/passwd\n"),
        ("image/png", b"<!doctype html><script>alert(1)</script>"),
        ("image/gif", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("image/jpeg", mp4_like(100)),
        ("video/mp4", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("audio/wav", b"RIFF\0\0\0\0AVI LIST"),
        ("font/ttf", b"GIF89a" + bytes(50)),
        ("audio/mpeg", b"%PDF-1.7"),
        ("video/mp4", b"\0"),
    ],
)
def test_content_of_another_kind_fails_the_asset_and_is_deleted(
    alice: Person, store: Store, content_type: str, content: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    upload = Upload(alice, content_type)
    with django_capture_on_commit_callbacks(execute=True):
        answer = upload.put(content)
    assert (answer.status_code, answer.json()["status"]) == (200, "failed")
    assert answer.json()["error"]["code"] == "invalid_source"
    assert content_type in answer.json()["error"]["message"]
    assert not store.exists(upload.asset.key)
    event = Event.objects.get()
    assert (event.type, event.data["asset"]["error"]["code"]) == ("asset.failed", "invalid_source")
    assert upload.put(content).json() == answer.json()


def test_what_a_font_is_called_only_its_probe_tells(alice: Person) -> None:
    upload = Upload(alice, "font/woff2")
    assert upload.put(b"wOF2" + bytes(100)).json()["status"] == "processing"
    assert upload.reload().probe_due_at is not None
    assert not Event.objects.exists()


def test_a_described_file_is_ready_with_its_last_byte_and_probed_all_the_same(alice: Person) -> None:
    upload = Upload(alice, duration=1.5, width=640, height=480)
    assert upload.reload().status == "pending"
    body = upload.put(CONTENT).json()
    assert (body["status"], body["duration"], body["width"], body["height"]) == ("ready", 1.5, 640, 480)
    assert upload.reload().probe_due_at is not None
    assert Event.objects.get().type == "asset.ready"


def test_a_file_described_in_part_waits_for_its_probe(alice: Person) -> None:
    assert Upload(alice, width=640, height=480).put(CONTENT).json()["status"] == "processing"
    assert not Event.objects.exists()


def test_a_store_that_fails_costs_nothing_but_time(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload(alice)
    upload.piece(CONTENT, 0, 400)

    def fail(*args: Any) -> Any:
        raise StorageError("away")

    with monkeypatch.context() as patch:
        patch.setattr(type(store), "append", fail)
        patch.setattr(type(store), "start_upload", fail)
        refused = upload.piece(CONTENT, 400, 1000, 1000)
        assert (refused.status_code, code_of(refused), refused.headers["Retry-After"]) == (503, "unavailable", "5")
        assert alice.post("/v1/uploads", {"content_type": "video/mp4"}).status_code == 503
    assert upload.piece(CONTENT, 400, 1000, 1000).status_code == 200


def test_one_upload_never_touches_another(alice: Person, bob: Person, store: Store) -> None:
    hers, his = Upload(alice), Upload(bob)
    hers.piece(CONTENT, 0, 400, 1000)
    his.put(mp4_like(50))
    hers.piece(CONTENT, 400, 1000, 1000)
    assert (stored(store, hers), stored(store, his)) == (CONTENT, mp4_like(50))
    assert Asset.objects.get(workspace=bob.workspace).size_bytes == 50
