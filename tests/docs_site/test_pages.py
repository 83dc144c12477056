"""Every page of the documentation: there, whole, and without a dead link."""

from itertools import pairwise
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from apps.docs import contents, written
from apps.docs.links import address_of
from framelane.static_files import FONTS
from scripts.processes import ROOT
from tests.docs_site.pages import document, get, shelf

PATHS = sorted(shelf().places)
ADDRESSES = [address_of(path) for path in PATHS] + ["/docs/api/"]


def test_every_markdown_file_is_in_the_table_of_contents() -> None:
    table = contents.read(contents.folder() / "site.toml")
    files = {page.path for _, page in written.pages(contents.folder())}
    assert sorted(files - set(table.paths()) - table.left_out) == []


def test_everything_in_the_table_of_contents_is_a_page_once() -> None:
    table = contents.read(contents.folder() / "site.toml")
    assert sorted(set(table.paths()) - set(PATHS)) == []
    assert len(table.paths()) == len(set(table.paths()))
    assert sorted(set(PATHS) - set(table.paths())) == []
    assert sorted(table.left_out & set(PATHS)) == []


@pytest.mark.slow
def test_pages_are_whole_and_nothing_in_them_is_inline() -> None:
    for address in ADDRESSES:
        answer, page = get(address), document(address)
        assert answer["Content-Type"] == "text/html; charset=utf-8", address
        assert "'unsafe" not in answer["Content-Security-Policy"], address
        assert page.inline_scripts == 0, address
        assert [name for name in page.attributes if name == "style" or name.startswith("on")] == [], address
        assert len(page.ids) == len(set(page.ids)), address
        assert [tag for tag, _ in page.tags].count("h1") == 1, address


@pytest.mark.slow
def test_pages_say_what_they_are() -> None:
    for path, place in shelf().places.items():
        assert place.page.title, path
        assert 20 <= len(place.page.description) <= 310, path
        assert place.page.markdown.lstrip().startswith(("# ", "---\n")), path
        found = document(address_of(path))
        links = {one.get("rel", ""): one["href"] for one in found.of("link")}
        assert links["canonical"] == f"http://localhost:8000{address_of(path)}"
        assert links["alternate"] == address_of(path, ".md")
        assert {"name": "description", "content": place.page.description} in found.of("meta"), path


@pytest.mark.slow
def test_links_lead_somewhere() -> None:
    links = {(address, link) for address in ADDRESSES for link in document(address).links}
    assert sorted(one for one in links if not leads_somewhere(*one)) == []


@pytest.mark.slow
def test_what_pages_load_is_there() -> None:
    loaded = {one for address in ADDRESSES for one in document(address).loaded}
    assert sorted(one for one in loaded if not is_there(one)) == []


def leads_somewhere(page: str, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme in ("https", "mailto", "http")
    path = parts.path or page
    if not path.startswith("/") or path.endswith("/README.md"):
        return False
    if path.startswith("/docs/") and not path.endswith((".md", ".json")):
        return is_in_docs(path, unquote(parts.fragment))
    return is_there(path)


def is_in_docs(path: str, anchor: str) -> bool:
    if unquote(path.removeprefix("/docs/")) in shelf().files:
        return True
    if path not in ADDRESSES:
        return False
    return not anchor or anchor in document(path).ids


def is_there(address: str) -> bool:
    """Whether this installation answers at an address; pictures and scripts by their files."""
    path = unquote(urlsplit(address).path)
    if path.startswith("/static/"):
        name = path.removeprefix("/static/")
        folder = ROOT / "gpu_tasks" / "fonts" if name.startswith(f"{FONTS}/") else ROOT / "static"
        return (folder / name.removeprefix(f"{FONTS}/")).is_file()
    if path.startswith("/docs/") and path.removeprefix("/docs/") in shelf().files:
        return True
    if path.startswith("/docs/"):
        return get(path).status_code == 200
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_the_check_of_links_can_fail() -> None:
    assert not leads_somewhere("/docs/webhooks", "/docs/nothing")
    assert not leads_somewhere("/docs/webhooks", "#nothing")
    assert not leads_somewhere("/docs/webhooks", "media.md")
    assert not leads_somewhere("/docs/webhooks", "/nowhere")
    assert leads_somewhere("/docs/webhooks", "/docs/media#uploads")


def test_pages_follow_each_other() -> None:
    order = [address_of(place.page.path) for place in shelf().in_order()]
    for one, other in pairwise(order):
        assert other in document(one).links
        assert one in document(other).links


def test_pictures_have_a_size_and_come_late() -> None:
    pictures = document("/docs/gallery").of("img")
    assert len(pictures) > 5
    assert all(int(one["width"]) > 0 and int(one["height"]) > 0 and one["alt"] for one in pictures)
    assert [one.get("loading", "") for one in pictures].count("") == 1


def test_it_asks_no_database() -> None:
    """No mark lets this test near one: a query would fail it."""
    assert Client().get("/docs/webhooks").status_code == 200


@pytest.mark.parametrize("theme", ["light", "dark", '"><script>', ""])
def test_theme(theme: str) -> None:
    answer = Client().get("/docs/webhooks", headers={"Cookie": f"theme={theme}"})
    expected = f'<html lang="en" data-theme="{theme}">' if theme in ("light", "dark") else '<html lang="en">'
    assert expected in answer.content.decode()
    assert "Cookie" in answer["Vary"]


def test_the_site_is_linked_from_the_start_page() -> None:
    page = get("/").content.decode()
    assert 'href="/docs/"' in page
    assert 'href="/docs/api/"' in page
