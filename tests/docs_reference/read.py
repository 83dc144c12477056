"""The generated pages, and what is in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from apps.docs.markdown import parser, plain
from apps.docs.pages import Page
from apps.docs.reference import pages as generated
from tests.docs.test_json import scene_around

SAMPLE = re.compile(r"http://localhost:8000/docs/samples/(?P<name>[a-z.0-9]+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of JSON: what follows `json` in its first line, and its text."""

    detail: str
    text: str


@cache
def pages() -> dict[str, Page]:
    """Every page by its path below reference/."""
    return {page.path.removeprefix("reference/"): page for page in generated()}


def headings(name: str) -> list[str]:
    tokens = parser().parse(pages()[name].markdown)
    return [plain(tokens[at + 1]) for at, token in enumerate(tokens) if token.type == "heading_open"]


def blocks(page: Page) -> Iterator[Block]:
    for token in parser().parse(page.markdown):
        if token.type == "fence":
            language, _, detail = token.info.partition(" ")
            assert language == "json", f"{page.path}: {token.info}"
            yield Block(detail, token.content)


def first_cells(markdown: str) -> list[str]:
    """What stands in the first column of all tables, without marks."""
    rows = [line for line in markdown.splitlines() if line.startswith("| `") or line.startswith("| [`")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


def scene_of(detail: str, value: Any) -> dict[str, Any]:
    """A whole request that has an example in it; its samples are named by their files."""
    scene: dict[str, Any] = _local(value) if not detail else scene_around(detail, _local(value))
    return scene


def _local(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _local(member) for name, member in node.items()}
    if isinstance(node, list):
        return [_local(member) for member in node]
    match = SAMPLE.match(node) if isinstance(node, str) else None
    return match["name"] if match else node
