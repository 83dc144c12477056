"""What Markdown turns into: HTML for people, and Markdown that stands on its own for programs."""

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from apps.docs import contents
from apps.docs.files import File
from apps.docs.library import Library, arranged
from apps.docs.links import address_of
from apps.docs.markdown import first_words, slug
from apps.docs.pages import Page
from apps.docs.plain_text import markdown_of
from apps.docs.rendering.page import render
from tests.docs_site.pages import get, shelf

URL = "https://films.example.com"


def site(tmp_path: Path, **pages: str) -> Library:
    """A library of pages by name; `_` in a name is a slash."""
    files = {}
    for name in ("still.jpg", "film.mp4"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xc0\x00\x11\x08\x01\x0e\x01\xe0" + b"\0" * 12)
        kind = "image/jpeg" if name.endswith("jpg") else "video/mp4"
        files[f"gallery/{name}"] = File(tmp_path / name, kind)
    named = [
        (f"{name.replace('_', '/')}.md", Page(name.replace("_", "/"), name, "", text)) for name, text in pages.items()
    ]
    return arranged(contents.Contents((), frozenset()), named, (), files)


def html(tmp_path: Path, text: str, **others: str) -> str:
    library = site(tmp_path, guides_one=f"# One\n\n{text}", **others)
    drawn = render(library, library.places["guides/one"], URL)
    return drawn.lead + drawn.html


def test_adjacent_languages_are_one_example(tmp_path: Path) -> None:
    drawn = html(
        tmp_path, "```sh\na\n```\n\n```python\nb\n```\n```ts\nc\n```\n\n```sh\nd\n```\n\nText\n\n```ts\ne\n```"
    )
    assert drawn.count('class="code-tabs"') == 1
    assert drawn.count('class="code-block"') == 5


def test_what_is_no_neighbour_or_the_same_language_is_not(tmp_path: Path) -> None:
    assert "code-tabs" not in html(tmp_path, "```sh\na\n```\n\nText\n\n```python\nb\n```")
    assert "code-tabs" not in html(tmp_path, "```sh\na\n```\n\n```sh\nb\n```")
    assert "code-tabs" not in html(tmp_path, "```sh\na\n```\n\n```json\n{}\n```")


def test_comments_are_not_shown_and_part_nothing(tmp_path: Path) -> None:
    drawn = html(tmp_path, "```sh\na\n```\n\n<!-- not run: another vendor -->\n```python\nb\n```")
    assert "not run" not in drawn
    assert "code-tabs" in drawn


@pytest.mark.parametrize(
    "bad", ["<script>alert(1)</script>", '<img src=x onerror="a">', '<p style="color:red">x</p>', "<iframe>"]
)
def test_html_in_a_text_is_text(tmp_path: Path, bad: str) -> None:
    for text in (bad, f"before {bad} after", f"| a |\n|---|\n| {bad} |"):
        assert bad not in html(tmp_path, text)


def test_code_is_escaped(tmp_path: Path) -> None:
    drawn = html(tmp_path, "```html\n<script>alert(1)</script>\n```\n\n```nonsense\n<b>\n```")
    assert "<script>" not in drawn
    assert "<b>" not in drawn
    assert "style=" not in drawn


def test_film(tmp_path: Path) -> None:
    drawn = html(tmp_path, "[![Rain on a window](../gallery/still.jpg)](../gallery/film.mp4)")
    assert '<video class="preview" src="/docs/gallery/film.mp4?v=' in drawn
    assert 'poster="/docs/gallery/still.jpg?v=' in drawn
    assert 'width="480" height="270"' in drawn
    assert "muted loop playsinline" in drawn
    assert 'aria-label="Rain on a window"' in drawn


def test_a_picture_that_leads_elsewhere_stays_a_picture(tmp_path: Path) -> None:
    drawn = html(tmp_path, "[![Words](../gallery/still.jpg)](two.md)", guides_two="# Two")
    assert "<video" not in drawn
    assert '<a href="/docs/guides/two"><img src="/docs/gallery/still.jpg?v=' in drawn


def test_links_between_files_become_addresses(tmp_path: Path) -> None:
    text = "[a](two.md#part) [b](../guides/two.md) [c](/v1/x) [d](https://x.example) [e](#here) [f](../../Procfile)"
    drawn = html(tmp_path, text, guides_two="# Two")
    assert 'href="/docs/guides/two#part"' in drawn
    assert drawn.count('href="/docs/guides/two') == 2
    assert 'href="/v1/x"' in drawn
    assert 'href="https://x.example" rel="noopener"' in drawn
    assert '<span class="source-file" title="A file of the source: Procfile">f</span>' in drawn


def test_address_of_the_installation(tmp_path: Path) -> None:
    text = "# T\n\n```sh\ncurl http://localhost:8000/v1/renders\n```"
    library = site(tmp_path, guides_one=text, operations_one=text)
    assert "films.example.com/v1" in render(library, library.places["guides/one"], URL).html
    assert "localhost:8000/v1" in render(library, library.places["operations/one"], URL).html


def test_markdown_for_programs(tmp_path: Path) -> None:
    text = (
        "# One\n\n[a](two.md#x) `[b](two.md)` ![c](../gallery/still.jpg) [d](../../Procfile) [e](#y)\n\n"
        "```text\n[f](two.md)\n```\n\n[![g](../gallery/still.jpg)](../gallery/film.mp4) [h]\n\n[h]: two.md\n"
    )
    library = site(tmp_path, guides_one=text, guides_two="# Two")
    told = markdown_of(library, library.places["guides/one"], URL)
    assert f"[a]({URL}/docs/guides/two.md#x) `[b](two.md)` ![c]({URL}/docs/gallery/still.jpg) d [e](#y)" in told
    assert "```text\n[f](two.md)\n```" in told
    assert f"[![g]({URL}/docs/gallery/still.jpg)]({URL}/docs/gallery/film.mp4)" in told
    assert f"[h]: {URL}/docs/guides/two.md" in told


def links_in(markdown: str) -> list[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(markdown)
    children = [child for token in tokens for child in token.children or ()]
    found = [child for child in children if child.type in ("link_open", "image")]
    return [str(child.attrGet("href") or child.attrGet("src") or "") for child in found]


def test_links_of_pages_for_programs_work_from_anywhere() -> None:
    relative = {}
    for path in shelf().places:
        answer = get(address_of(path, ".md"))
        assert answer["Content-Type"] == "text/markdown; charset=utf-8"
        links = links_in(answer.content.decode())
        relative[path] = [link for link in links if not link.startswith(("http://", "https://", "#", "mailto:"))]
    assert {path: links for path, links in relative.items() if links} == {}


def test_accepting_markdown_gets_it() -> None:
    assert get("/docs/webhooks", "text/markdown").content == get("/docs/webhooks.md").content
    assert get("/docs/webhooks", "text/markdown;q=0.5, text/html").content.startswith(b"<!doctype html>")
    assert "Accept" in get("/docs/webhooks")["Vary"]


def test_for_agents() -> None:
    index, full, skill = get("/llms.txt"), get("/llms-full.txt"), get("/skill.md")
    assert index["Content-Type"] == full["Content-Type"] == "text/plain; charset=utf-8"
    assert skill["Content-Type"] == "text/markdown; charset=utf-8"
    assert index.content.startswith(b"# ")
    text = full.content.decode()
    for place in shelf().in_order():
        assert f"<!-- http://localhost:8000{address_of(place.page.path)} -->" in text
    sitemap = get("/sitemap.xml").content.decode()
    assert sitemap.count("<loc>") == len(shelf().places) + 1


def test_first_words() -> None:
    assert first_words("---\nname: x\n---\n# The *title*\n\nWhat it `is`\nfor. More.\n\nNot this.") == (
        "The title",
        "What it is for. More.",
    )
    assert first_words("") == ("", "")
    assert first_words("# T\n\n" + "A sentence. " * 60)[1].endswith("A sentence.")


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("What arrives", "what-arrives"),
        ("`POST /v1/renders`", "post-v1renders"),
        ("Is it? Yes!", "is-it-yes"),
        ("a_b-c", "a_b-c"),
    ],
)
def test_anchors_are_those_of_github(heading: str, expected: str) -> None:
    taken: dict[str, int] = {}
    assert slug(heading, taken) == expected
    assert slug(heading, taken) == f"{expected}-1"


def test_lines_of_the_contents_without_a_page_are_passed_over() -> None:
    lines = (contents.Line("a", ""), contents.Line("none", "x"), contents.Line("b", "B"))
    table = contents.Contents((contents.Section("S", lines),), frozenset({"c"}))
    pages = [(f"{name}.md", Page(name, name.upper() * 3, "", f"# {name}")) for name in "abc"]
    library = arranged(table, pages, (), {})
    order = [(place.title, place.before, place.after) for place in library.in_order()]
    assert order == [("AAA", None, "b"), ("B", "a", None)]
    assert set(library.places) == {"a", "b"}


def test_columns_are_aligned_without_styles(tmp_path: Path) -> None:
    drawn = html(tmp_path, "| a | b |\n|---|---:|\n| 1 | 2 |")
    assert '<td class="to-right">2</td>' in drawn
    assert "style" not in drawn
