"""Stored media are given out by signed links, in ranges."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.http.response import HttpResponseBase
from django.test import Client

from framelane.lib import clock
from framelane.lib.storage import BLOCK_BYTES, Store, get_links

WORKSPACE = "ws_01J8QR2K5VKDGN2T4FBM3CZYX7"
KEY = f"{WORKSPACE}/renders/job/attempt-1/output.mp4"
CONTENT = bytes(range(100))

pytestmark = pytest.mark.django_db

Get = Callable[..., Any]


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.fixture
def link(store: Store, tmp_path: Path) -> str:
    (tmp_path / "output").write_bytes(CONTENT)
    store.put_file(KEY, tmp_path / "output", "video/mp4")
    return path_of(store.signed_url(KEY, 300))


@pytest.fixture
def get(link: str) -> Get:
    def send(method: str = "GET", **headers: str) -> HttpResponseBase:
        return Client().generic(method, link, headers=headers)

    return send


def test_the_whole_file(get: Get) -> None:
    answer = get()
    assert (answer.status_code, body_of(answer)) == (200, CONTENT)
    expected = {
        "Content-Type": "video/mp4",
        "Content-Length": "100",
        "Accept-Ranges": "bytes",
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": 'inline; filename="output.mp4"',
        "Access-Control-Allow-Origin": "*",
    }
    assert expected.items() <= dict(answer.headers).items()
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-9", 0, 9),
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=99-", 99, 99),
        ("bytes=0-", 0, 99),
        ("bytes=-1", 99, 99),
        ("bytes=-100", 0, 99),
        ("bytes=-1000", 0, 99),
        ("bytes=50-1000000", 50, 99),
    ],
)
def test_a_range(get: Get, header: str, first: int, last: int) -> None:
    answer = get(Range=header)
    assert answer.status_code == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/100"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert body_of(answer) == CONTENT[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=1000-", "bytes=-0"])
def test_a_range_outside_of_the_file(get: Get, header: str) -> None:
    answer = get(Range=header)
    assert (answer.status_code, answer.headers["Content-Range"]) == (416, "bytes */100")


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-9,20-29",
        "bytes=9-0",
        "bytes=-",
        "bytes=",
        "bytes",
        "items=0-9",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=--1",
        "bytes=0-" + "9" * 400,
        "bytes=٠-٩",
        "",
    ],
)
def test_several_ranges_and_what_is_none_get_the_whole_file(get: Get, header: str) -> None:
    answer = get(Range=header)
    assert (answer.status_code, body_of(answer)) == (200, CONTENT)


def test_head_tells_what_get_would_send(get: Get) -> None:
    answer = get("HEAD", Range="bytes=0-9")
    assert (answer.status_code, answer.headers["Content-Length"], body_of(answer)) == (200, "100", b"")
    assert answer.headers["ETag"] == get().headers["ETag"]


def test_a_range_on_condition(get: Get) -> None:
    whole = get()
    for condition in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        assert get(Range="bytes=0-9", **{"If-Range": condition}).status_code == 206
    for condition in ('"other"', f"W/{whole.headers['ETag']}", "Sat, 01 Jan 2000 00:00:00 GMT", "nonsense"):
        answer = get(Range="bytes=0-9", **{"If-Range": condition})
        assert (answer.status_code, body_of(answer)) == (200, CONTENT)


def test_an_unchanged_file_is_not_sent_again(get: Get) -> None:
    whole = get()
    etag, modified = whole.headers["ETag"], whole.headers["Last-Modified"]
    for name, value in [
        ("If-None-Match", etag),
        ("If-None-Match", f'"other", W/{etag}'),
        ("If-None-Match", "*"),
        ("If-Modified-Since", modified),
    ]:
        assert get(**{name: value}).status_code == 304
    for name, value in [("If-None-Match", '"other"'), ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")]:
        assert get(**{name: value}).status_code == 200


def test_a_link_with_a_filename_saves_the_file_under_it(store: Store, link: str) -> None:
    answer = Client().get(path_of(store.signed_url(KEY, 60, 'Mein Film "ü".mp4')))
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert "%C3%BC" in answer.headers["Content-Disposition"]


def test_a_filename_cannot_smuggle_a_header_in(store: Store, link: str) -> None:
    answer = Client().get(path_of(store.signed_url(KEY, 60, "a\r\nSet-Cookie: x=1")))
    assert "Set-Cookie" not in answer.headers
    assert "\n" not in answer.headers["Content-Disposition"]


def test_the_bare_address_carries_no_permission(link: str) -> None:
    answer = Client().get(link.partition("?")[0])
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden")


def test_a_changed_link_is_refused(link: str) -> None:
    other = link.replace("attempt-1", "attempt-2")
    longer = link.replace("expires=", "expires=9")
    named = link + "&filename=other.html"
    unsigned = link.replace("signature=", "signature=A")
    for wrong in (other, longer, named, unsigned, link.replace("expires", "expired"), link[:-1]):
        assert Client().get(wrong).status_code == 403


def test_an_expired_link_is_refused(link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    later = clock.now() + timedelta(seconds=301)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = Client().get(link)
    assert answer.status_code == 403
    assert "expired" in answer.json()["error"]["message"]


def test_a_stranger_cannot_tell_what_exists(link: str) -> None:
    missing = f"/media/{WORKSPACE}/renders/job/attempt-9/output.mp4"
    answers = [Client().get(path) for path in (missing, link.partition("?")[0])]
    assert len({answer.content for answer in answers}) == 1


def test_a_deleted_object_is_not_found(store: Store, link: str) -> None:
    store.delete(KEY)
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    "key", ["", "x", "../secret_key", f"{WORKSPACE}/../../secret_key", ".sessions/a/data", "%2e%2e/x"]
)
def test_what_is_no_key_is_not_found(store: Store, key: str) -> None:
    assert Client().get(f"/media/{key}").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(get: Get, method: str) -> None:
    answer = get(method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_pages_may_ask_first(get: Get) -> None:
    answer = get("OPTIONS", Origin="https://app.example.com")
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_large_files_come_in_blocks(store: Store, tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(3 * BLOCK_BYTES + 1))
    store.put_file(KEY, tmp_path / "large", "video/mp4")
    answer: Any = Client().get(path_of(get_links().signed(KEY, clock.now() + timedelta(minutes=5))))
    assert [len(block) for block in answer.streaming_content] == [BLOCK_BYTES] * 3 + [1]
