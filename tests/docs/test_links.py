"""No link between pages leads nowhere: files, anchors, and addresses of the platform."""

import re
from pathlib import Path

import pytest
from django.test import Client

from scripts.processes import ROOT
from tests.docs.pages import anchors, front_matter, pages, read, without_code

PAGES = pages()
LINK = re.compile(r"\]\(<?([^)\s>]+)>?(?: \"[^\"]*\")?\)")


@pytest.mark.parametrize("path", [pytest.param(page.path, id=page.name) for page in PAGES])
def test_links_lead_to_files_and_headings(path: Path) -> None:
    assert [problem for link in links(path) if (problem := dead(path, link))] == []


def links(path: Path) -> list[str]:
    """Links of a page to other places of the project."""
    found = LINK.findall(re.sub(r"`[^`\n]*`", "", without_blocks(path.read_text("utf-8"))))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


def without_blocks(text: str) -> str:
    return re.sub(r"(?ms)^ *```.*?^ *```$", "", text)


def dead(page: Path, link: str) -> str | None:
    """Why a link leads nowhere. Addresses of the platform are asked for elsewhere."""
    target, _, anchor = link.partition("#")
    if target.startswith("/"):
        return None
    file = (page.parent / target).resolve() if target else page
    if not file.exists():
        return f"{link}: no such file"
    if not file.is_relative_to(ROOT):
        return f"{link}: outside of the project"
    if anchor and file.suffix == ".md" and anchor not in anchors(file.read_text("utf-8")):
        return f"{link}: no such heading"
    return None


@pytest.mark.django_db
def test_addresses_of_the_platform_answer(client: Client) -> None:
    """What begins with a slash is generated: reference pages, capabilities, the OpenAPI document."""
    named = {link.partition("#")[0] for page in PAGES for link in links(page.path) if link.startswith("/")}
    assert "/docs/reference/errors" in named
    statuses = {address: client.get(address).status_code for address in sorted(named)}
    assert {address: status for address, status in statuses.items() if status != 200} == {}


@pytest.mark.parametrize("path", [pytest.param(page.path, id=page.name) for page in PAGES])
def test_a_page_begins_with_a_title_and_says_what_it_is_for(path: Path) -> None:
    _, text = front_matter(read(path).text)
    assert re.match(r"# \S.*\n\n(?!#|```|\|)\S", text), "first a title, then a paragraph"
    assert len(re.findall(r"(?m)^# ", without_code(text))) == 1
