"""Markdown as it is parsed here: CommonMark with tables, as GitHub shows it."""

import re
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

_DESCRIPTION_CHARACTERS: Final = 300


@cache
def parser() -> MarkdownIt:
    """The parser of all pages. What it makes of HTML is for the renderer to decide."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(front_matter_plugin)


def plain(token: Token) -> str:
    """The words of an inline token, without any marks."""
    words = [_words_of(child) for child in token.children or ()]
    return re.sub(r"\s+", " ", "".join(words)).strip()


def _words_of(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    return child.content if child.type in ("text", "code_inline") else ""


def first_words(markdown: str) -> tuple[str, str]:
    """The title and the first paragraph, both without marks; "" for what a text has not."""
    tokens = parser().parse(markdown)
    title = _first(tokens, "heading_open")
    return title, shortened(_first(tokens, "paragraph_open"), _DESCRIPTION_CHARACTERS)


def _first(tokens: list[Token], kind: str) -> str:
    found = (plain(tokens[index + 1]) for index, token in enumerate(tokens) if token.type == kind and token.level == 0)
    return next((words for words in found if words), "")


def shortened(text: str, characters: int) -> str:
    """The sentences of `text` that fit; where not even one does, its words and "…"."""
    if len(text) <= characters:
        return text
    whole = re.match(rf"(.{{1,{characters}}}[.?!])\s", text)
    return whole[1] if whole else text[:characters].rpartition(" ")[0] + " …"


def slug(heading: str, taken: dict[str, int]) -> str:
    """The anchor of a heading, as GitHub makes them; `taken` counts those of the page."""
    bare = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
    count = taken.get(bare, 0)
    taken[bare] = count + 1
    return f"{bare}-{count}" if count else bare
