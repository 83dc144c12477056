"""Share links of Dropbox and Google Drive lead to the file behind their pages."""

import subprocess
import sys
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from pytest_django import Settings

from apps.uploads.imports.fetching import fetch_import
from apps.uploads.imports.lifecycle import begin
from apps.uploads.imports.share_links import MAX_PAGE_BYTES, confirmed_url, direct_url, is_page, rerouted
from apps.uploads.models import Import
from framelane.lib.net import Refused
from tests.people import Person
from tests.uploads.files import mp4_like
from tests.web_site import Site, send

ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz012345"
SHARED = f"https://drive.google.com/file/d/{ID}/view?usp=sharing"
DOWNLOAD = f"https://drive.google.com/uc?export=download&id={ID}"
CONFIRMED = "https://drive.usercontent.google.com/download"
CONTENT = mp4_like(3000)


def warning_page(action: str = CONFIRMED, **fields: str) -> bytes:
    """What Google Drive answers for a file that is too large to be scanned for viruses."""
    values = {"id": ID, "export": "download", "confirm": "t", "uuid": "0a1b-2c3d", **fields}
    inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in values.items())
    return (
        "<!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body><p>clip.mp4 (1.2G) "
        "is too large for Google to scan for viruses. Would you still like to download this file?</p>"
        f'<form id="download-form" action="{action}" method="get"><input type="submit" id="uc-download-link" '
        f'value="Download anyway"/>{inputs}</form></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.dropbox.com/s/a1b2/clip.mp4?dl=0", "https://www.dropbox.com/s/a1b2/clip.mp4?dl=1"),
        ("https://www.dropbox.com/s/a1b2/clip.mp4", "https://www.dropbox.com/s/a1b2/clip.mp4?dl=1"),
        ("http://dropbox.com/s/a1b2/clip.mp4?raw=1#t", "https://www.dropbox.com/s/a1b2/clip.mp4?dl=1"),
        (
            "https://www.dropbox.com/scl/fi/a1/b%20c.mp4?rlkey=k3&st=x&dl=0",
            "https://www.dropbox.com/scl/fi/a1/b%20c.mp4?rlkey=k3&st=x&dl=1",
        ),
        ("https://dl.dropboxusercontent.com/s/a1/clip.mp4", "https://dl.dropboxusercontent.com/s/a1/clip.mp4"),
        ("https://www.dropbox.com/help", "https://www.dropbox.com/help"),
        (SHARED, DOWNLOAD),
        (f"https://drive.google.com/file/u/1/d/{ID}/edit", DOWNLOAD),
        (f"https://drive.google.com/open?id={ID}", DOWNLOAD),
        (f"https://drive.google.com/uc?id={ID}&export=view", DOWNLOAD),
        (f"https://drive.google.com/u/0/uc?id={ID}", DOWNLOAD),
        (f"https://docs.google.com/uc?id={ID}", DOWNLOAD),
        (f"https://drive.usercontent.google.com/download?id={ID}&confirm=t", DOWNLOAD),
        (f"https://drive.google.com/file/d/{ID}/view?resourcekey=0-a", f"{DOWNLOAD}&resourcekey=0-a"),
        ("https://drive.google.com/file/d/a%2F..%2Fb/view", "https://drive.google.com/file/d/a%2F..%2Fb/view"),
        ("https://films.example/file/d/abc/view", "https://films.example/file/d/abc/view"),
        ("https://drive.google.com.evil.example/uc?id=1", "https://drive.google.com.evil.example/uc?id=1"),
    ],
)
def test_a_link_leads_to_its_file(url: str, expected: str) -> None:
    assert direct_url(url) == expected


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("https://www.dropbox.com/sh/a1b2/AAC?dl=0", "Dropbox folder"),
        ("https://www.dropbox.com/scl/fo/a1/h?rlkey=secret", "Dropbox folder"),
        (f"https://drive.google.com/drive/folders/{ID}?usp=sharing", "Google Drive folder"),
        (f"https://drive.google.com/drive/u/0/folders/{ID}", "Google Drive folder"),
        (f"https://drive.google.com/folderview?id={ID}", "Google Drive folder"),
        (f"https://docs.google.com/document/d/{ID}/edit", "no media file"),
    ],
)
def test_a_link_to_more_or_less_than_a_file_is_refused(url: str, says: str) -> None:
    with pytest.raises(Refused, match=says) as caught:
        direct_url(url)
    assert "secret" not in caught.value.message


def test_the_form_of_the_page_leads_on() -> None:
    url = confirmed_url(SHARED, warning_page(confirm="t&x=1"))
    assert url is not None
    assert url.startswith(f"{CONFIRMED}?")
    assert parse_qs(urlsplit(url).query) == {
        "id": [ID],
        "export": ["download"],
        "confirm": ["t&x=1"],
        "uuid": ["0a1b-2c3d"],
    }


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<html>Sign in</html>",
        warning_page("https://evil.example/download"),
        warning_page("http://drive.usercontent.google.com/download"),
        warning_page("javascript:alert(1)"),
        warning_page(uuid="x" * 600),
        warning_page(**{f"field{n}": "x" for n in range(20)}),
        warning_page() + b" " * MAX_PAGE_BYTES,
        b"<form id=download-form action=https://drive.usercontent.google.com/download><input type=hidden name=id>",
        b"<form" * 5000,
    ],
)
def test_other_pages_lead_nowhere(page: bytes) -> None:
    assert confirmed_url(SHARED, page) is None


def test_forms_of_other_hosts_are_not_followed() -> None:
    assert confirmed_url("https://films.example/clip", warning_page()) is None


@pytest.mark.parametrize(
    "head", [b"<!DOCTYPE html>", b"\xef\xbb\xbf\n<html>", b"<!-- a --> <!-- b -->\n<HTML lang=en>"]
)
def test_a_page_is_known_by_its_beginning(head: bytes) -> None:
    assert is_page(head)


@pytest.mark.parametrize("head", [b"", b"<svg>", b"<?xml version='1.0'?>", b"text <html>", mp4_like(100)])
def test_other_files_are_no_pages(head: bytes) -> None:
    assert not is_page(head)


def test_hosts_can_be_asked_elsewhere() -> None:
    bases = {"drive.google.com": "http://127.0.0.1:9000/drive/"}
    assert rerouted(DOWNLOAD, bases) == f"http://127.0.0.1:9000/drive/uc?export=download&id={ID}"
    assert rerouted("https://films.example/a", bases) == "https://films.example/a"


# --- Against servers that stand in for the two ----------------------------------------------------------------------


Fetch = Callable[[str], Import]


@pytest.fixture
def fetch(db: None, alice: Person, site: Site, settings: Settings, examined: list[Path]) -> Fetch:
    """Imports a share link, whose hosts are folders of the site."""
    hosts = ("www.dropbox.com", "drive.google.com", "drive.usercontent.google.com")
    settings.FRAMELANE_SHARE_BASES = {host: f"{site.url}/{host}" for host in hosts}

    def run(url: str) -> Import:
        row = begin(workspace=alice.workspace, url=url, requested=True)
        fetch_import(import_id=row.id)
        row.refresh_from_db()
        return row

    return run


def test_a_file_in_dropbox_arrives(site: Site, fetch: Fetch) -> None:
    site.redirect("/www.dropbox.com/scl/fi/a1/clip.mp4", "/cd/0/get/xyz/file")
    site.put("/cd/0/get/xyz/file", CONTENT, headers={"Content-Disposition": 'attachment; filename="clip.mp4"'})
    row = fetch("https://www.dropbox.com/scl/fi/a1/clip.mp4?rlkey=k3&dl=0")
    assert row.asset is not None
    assert (row.asset.filename, row.asset.size_bytes) == ("clip.mp4", 3000)
    assert site.asked == ["/www.dropbox.com/scl/fi/a1/clip.mp4?rlkey=k3&dl=1", "/cd/0/get/xyz/file"]


def test_a_small_file_in_google_drive_arrives(site: Site, fetch: Fetch) -> None:
    site.redirect("/drive.google.com/uc", "/drive.usercontent.google.com/download")
    headers = {"Content-Disposition": "attachment; filename=\"clip.mov\"; filename*=UTF-8''clip%20one.mov"}
    site.put("/drive.usercontent.google.com/download", CONTENT, headers=headers)
    row = fetch(SHARED)
    assert row.asset is not None
    assert (row.status, row.asset.filename, row.url) == ("stored", "clip one.mov", SHARED)


def test_a_large_file_in_google_drive_arrives_behind_its_page(site: Site, fetch: Fetch) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        is_confirmed = "confirm=t" in handler.path and "uuid=0a1b-2c3d" in handler.path
        send(handler, CONTENT if is_confirmed else warning_page(), 200)

    site.redirect("/drive.google.com/uc", "/drive.usercontent.google.com/download")
    site.behave("/drive.usercontent.google.com/download", answer)
    row = fetch(SHARED)
    assert row.asset is not None
    assert (row.status, row.asset.size_bytes, len(site.asked)) == ("stored", 3000, 3)


def test_a_page_that_asks_again_and_again_is_left(site: Site, fetch: Fetch) -> None:
    site.put("/drive.google.com/uc", warning_page())
    site.put("/drive.usercontent.google.com/download", warning_page())
    row = fetch(SHARED)
    assert (row.status, row.error["code"], len(site.asked)) == ("failed", "invalid_source", 3)


@pytest.mark.parametrize(
    ("url", "path", "says"),
    [
        (SHARED, "/drive.google.com/uc", "Google Drive with “Anyone with the link”"),
        ("https://www.dropbox.com/s/a/clip.mp4", "/www.dropbox.com/s/a/clip.mp4", "Dropbox with “Anyone with"),
    ],
)
def test_what_is_not_shared_with_everybody_says_how_to(
    site: Site, fetch: Fetch, url: str, path: str, says: str
) -> None:
    site.put(path, b"<!doctype html><html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})
    row = fetch(url)
    assert (row.status, row.error["code"]) == ("failed", "invalid_source")
    assert says in row.error["message"]


def test_a_folder_is_refused_without_asking_anybody(site: Site, fetch: Fetch) -> None:
    row = fetch(f"https://drive.google.com/drive/folders/{ID}")
    assert (row.status, row.error["code"], site.asked) == ("failed", "invalid_source", [])
    assert "link to a file" in row.error["message"]


_HOPELESS = """
from apps.uploads.imports.share_links import is_page

for filling in (b"<!---->", b"<!-->", b"<!--" + b" " * 90 + b"-->", b" ", b"<!-- ", b"\\n<!doctype "):
    assert not is_page((filling * 4096)[:4096])
"""


def test_no_file_keeps_the_search_for_a_page_going() -> None:
    """In a process of its own: a search that does not end would take every thread of a worker with it."""
    subprocess.run([sys.executable, "-c", _HOPELESS], cwd=django_settings.BASE_DIR, check=True, timeout=280)
