"""How the documentation is sent: kept, compressed, in ranges, and never anything that is not part of it."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.docs.contents import folder
from apps.docs.files import files_in
from tests.docs_site.pages import get, shelf

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
HOSTILE = [
    "../manage.py",
    "..%2fmanage.py",
    "images/../../manage.py",
    "images/..%2f..%2fmanage.py",
    "images/%2e%2e/%2e%2e/framelane/settings.py",
    "images//hello.jpg",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "images/hello.jpg/",
    "images/hello.jpg%00.md",
    "site.toml",
    "images",
    "images/",
    "samples/../site.toml",
    "webhooks.md.md",
    "webhooks.html",
    "C:\\windows",
    "....//....//manage.py",
    "\u2025/manage.py",
    "a" * 5000,
    "<script>alert(1)</script>",
    "%F0%9F%8E%AC",
    "{{7*7}}",
    "gallery/README",
]


@pytest.mark.parametrize("path", HOSTILE)
@pytest.mark.parametrize("accept", [BROWSER, "*/*", "text/markdown"])
def test_what_is_no_page_is_not_there(path: str, accept: str) -> None:
    answer = get(f"/docs/{path}", accept)
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/json" or b"<script>alert" not in answer.content
    assert b"SECRET_KEY" not in answer.content
    assert b"root:" not in answer.content
    assert len(answer.content) < 40_000


def test_programs_get_the_envelope_and_people_a_page_that_helps() -> None:
    assert get("/docs/webhoks", "*/*").json()["error"]["code"] == "not_found"
    page = get("/docs/webhoks", BROWSER).content.decode()
    assert 'href="/docs/webhooks"' in page
    assert get("/docs/webhoks.md", BROWSER)["Content-Type"] == "text/markdown; charset=utf-8"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/docs", "/docs/"),
        ("/docs/webhooks/", "/docs/webhooks"),
        ("/docs/operations/README.md", "/docs/operations.md"),
        ("/docs/index", "/docs/"),
        ("/docs/operations/index", "/docs/operations"),
    ],
)
def test_other_names_of_a_page_lead_to_it(asked: str, found: str) -> None:
    answer = get(asked)
    assert answer.status_code in (301, 302)
    assert answer["Location"] == found


PICTURE = "/docs/images/hello.jpg"
TEXTS = ["/docs/", "/docs/webhooks", "/docs/webhooks.md", "/docs/api/", "/llms-full.txt", "/docs/search.json"]


@pytest.mark.parametrize("path", [*TEXTS, "/llms.txt", "/sitemap.xml", PICTURE])
def test_only_reading(path: str) -> None:
    for method in ("post", "put", "delete", "patch", "options"):
        answer = getattr(Client(), method)(path)
        assert answer.status_code == 405
        assert answer["Allow"] == "GET, HEAD"
        assert answer.json()["error"]["code"] == "method_not_allowed"
    head = Client().head(path)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("path", TEXTS)
def test_known_answers_are_not_sent_again(path: str) -> None:
    first = get(path)
    again = get(path, **{"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert get(path, **{"If-None-Match": '"another"'}).status_code == 200


def test_compressed_is_another_answer_with_the_same_text() -> None:
    plain, small = get("/docs/webhooks"), get("/docs/webhooks", **{"Accept-Encoding": "br, gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 2
    assert gzip.decompress(small.content) == plain.content
    assert small["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in small["Vary"]


def test_pages_are_drawn_once() -> None:
    get("/docs/webhooks")
    kept = dict(shelf().kept)
    get("/docs/webhooks")
    assert shelf().kept == kept


def picture() -> bytes:
    return (folder() / "images" / "hello.jpg").read_bytes()


def test_file() -> None:
    answer = get(PICTURE)
    assert answer.content == picture()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, no-cache"
    assert get(PICTURE, **{"If-None-Match": answer["ETag"]}).status_code == 304


def test_file_under_an_address_of_its_contents_is_kept_for_ever() -> None:
    digest = get(PICTURE)["ETag"].strip('"')
    assert "immutable" in get(f"{PICTURE}?v={digest}")["Cache-Control"]
    assert "immutable" not in get(f"{PICTURE}?v=0123")["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=5-5", 5, 6),
    ],
)
def test_ranges(asked: str, start: int, end: int | None) -> None:
    answer = get(PICTURE, Range=asked)
    assert answer.status_code == 206
    assert answer.content == picture()[start:end]
    assert answer["Content-Range"].endswith(f"/{len(picture())}")


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_ranges_beyond_the_file(asked: str) -> None:
    answer = get(PICTURE, Range=asked)
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(picture())}"


@pytest.mark.parametrize("asked", ["bytes=5-1", "lines=1-2", "bytes=a-b", "bytes=0-1,4-5", "bytes=" + "9" * 500 + "-"])
def test_what_is_no_range_gets_the_file(asked: str) -> None:
    assert get(PICTURE, Range=asked).content == picture()


def test_a_range_of_another_version_gets_the_file() -> None:
    assert get(PICTURE, Range="bytes=0-9", **{"If-Range": '"another"'}).status_code == 200
    assert get(PICTURE, Range="bytes=0-9", **{"If-Range": get(PICTURE)["ETag"]}).status_code == 206


def test_links_out_of_the_folders_and_unknown_types_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "a.jpg").write_bytes(b"x")
    (tmp_path / "images" / "run.html").write_text("<script>")
    (tmp_path / "images" / "passwd.jpg").symlink_to("/etc/passwd")
    assert list(files_in(tmp_path)) == ["images/a.jpg"]


def rows() -> list[list[Any]]:
    found: list[list[Any]] = json.loads(get("/docs/search.json").content)["sections"]
    return found


def test_search_index_has_every_page_with_its_names() -> None:
    addresses = {row[0].partition("#")[0] for row in rows()}
    assert len(addresses) == len(list(shelf().in_order())) + 1
    assert any("render.completed" in row[4].split() for row in rows())
    assert len(get("/docs/search.json").content) < 2_000_000
