"""What the search looks through: every section of every page, in a file that browsers fetch once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from markdown_it.token import Token

from apps.docs.library import Library, Place
from apps.docs.links import address_of
from apps.docs.markdown import parser, plain, slug

_IDENTIFIER: Final = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[_.-][A-Za-z0-9]+)*|/[\w/{}.-]+|[1-5]\d\d")
_TEXT_CHARACTERS: Final = 400


@dataclass
class _Part:
    """A section while it is read."""

    heading: str
    anchor: str
    words: list[str] = field(default_factory=list)
    names: dict[str, None] = field(default_factory=dict)
    defined: dict[str, None] = field(default_factory=dict)


def index(library: Library) -> str:
    """JSON: for every section `[address, page, heading, chapter, names, text, defined]`.

    Names are what stands there as code; defined are those that a row of a table begins with: it says what they are.
    """
    rows = [row for place in library.in_order() for row in _rows(place)]
    rows.append(["/docs/api/", "Interactive API reference", "", "HTTP API", "openapi swagger try", "", ""])
    return json.dumps({"sections": rows}, ensure_ascii=False, separators=(",", ":"))


def _rows(place: Place) -> Iterator[list[Any]]:
    for part in _parts(place):
        address = address_of(place.page.path) + (f"#{part.anchor}" if part.anchor else "")
        text = re.sub(r"\s+", " ", " ".join(part.words))[:_TEXT_CHARACTERS]
        yield [
            address,
            place.page.title,
            part.heading,
            place.section,
            " ".join(part.names),
            text,
            " ".join(part.defined),
        ]


def _parts(place: Place) -> list[_Part]:
    tokens = parser().parse(place.page.markdown)
    taken: dict[str, int] = {}
    parts = [_Part("", "")]
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            text = plain(tokens[position + 1])
            anchor = slug(text, taken)
            if token.tag != "h1":
                parts.append(_Part(text, anchor))
        elif token.type == "inline" and tokens[position - 1].type != "heading_open":
            kinds = [before.type for before in tokens[position - 2 : position]]
            _note(parts[-1], token, is_first=kinds == ["tr_open", "td_open"])
    return parts


def _note(part: _Part, inline: Token, *, is_first: bool) -> None:
    part.words.append(plain(inline))
    codes = (child.content for child in inline.children or () if child.type == "code_inline")
    for code in codes:
        names = dict.fromkeys(_IDENTIFIER.findall(code))
        part.names |= names
        part.defined |= names if is_first else {}
