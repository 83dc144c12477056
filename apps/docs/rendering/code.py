"""Blocks of code: coloured by classes, named by their language, and joined where they are one example."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

TABBED: Final = ("sh", "python", "ts")
"""Blocks of these that follow each other are one example in several languages."""
_NAMES: Final = {
    "sh": "Shell",
    "bash": "Shell",
    "python": "Python",
    "ts": "TypeScript",
    "js": "JavaScript",
    "json": "JSON",
    "console": "Terminal",
    "toml": "TOML",
    "yaml": "YAML",
    "http": "HTTP",
    "sql": "SQL",
    "ini": "INI",
    "nginx": "nginx",
}
_FORMATTER: Final = HtmlFormatter(nowrap=True, classprefix="t-")
# Blanks have no colour.
_BLANK: Final = re.compile(r'<span class="t-w">(\s*)</span>')


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language ("" for none), and what it holds."""

    language: str
    text: str

    @property
    def name(self) -> str:
        """What readers call the language."""
        return _NAMES.get(self.language, "Text" if self.language in ("", "text") else self.language)


def block_of(token: Token) -> Block:
    """Of a fence; words after the language (`json element`) are for tests."""
    return Block(token.info.partition(" ")[0].strip(), token.content)


def joined(tokens: list[Token]) -> Iterator[Token]:
    """The tokens, with blocks of one example as the children of a token of their own, `code_tabs`."""
    example: list[Token] = []
    for token in tokens:
        if not (_is_tabbed(token) and block_of(token).language not in map(_language, example)):
            yield from _as_one(example)
            example = []
        if _is_tabbed(token):
            example.append(token)
        else:
            yield token
    yield from _as_one(example)


def _as_one(example: list[Token]) -> list[Token]:
    return example if len(example) < 2 else [Token("code_tabs", "", 0, children=example)]


def _language(token: Token) -> str:
    return block_of(token).language


def _is_tabbed(token: Token) -> bool:
    return token.type == "fence" and token.level == 0 and block_of(token).language in TABBED


def drawn(block: Block) -> SafeString:
    """One block by itself."""
    return format_html(
        '<figure class="code-block" data-language="{}"><figcaption>{}</figcaption>'
        '<pre tabindex="0"><code>{}</code></pre></figure>\n',
        block.language or "text",
        block.name,
        coloured(block),
    )


def drawn_together(blocks: list[Block]) -> SafeString:
    """One example in several languages, one after another: a script makes tabs of them."""
    inner = SafeString("".join(drawn(block) for block in blocks))
    return format_html('<div class="code-tabs">{}</div>\n', inner)


def coloured(block: Block) -> SafeString:
    """The text with its words in classes; a language that nobody knows stays as it is."""
    try:
        lexer = get_lexer_by_name(block.language or "text", stripnl=False)
    except ClassNotFound:
        return escape(block.text)
    # Pygments escapes what it is given.
    return mark_safe(_BLANK.sub(r"\1", highlight(block.text, lexer, _FORMATTER)))
