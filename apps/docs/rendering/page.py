"""HTML of a page, of its Markdown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from apps.docs.library import Library, Place
from apps.docs.links import target_of
from apps.docs.markdown import parser, plain, slug
from apps.docs.plain_text import addressed, uses_api
from apps.docs.rendering import code, media

_COMMENT: Final = re.compile(r"\s*<!--.*?-->\s*", re.DOTALL)
_PLAIN_TAG: Final = re.compile(r"(</?(?:kbd|br|sub|sup|details|summary)>)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that can be linked to; `level` is 2 or 3."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page as HTML, without its title: its first paragraph ("" where it begins otherwise), and everything else.

    `uses_api` says that its examples count on `$API`, which they do not set themselves.
    """

    lead: SafeString
    html: SafeString
    headings: tuple[Heading, ...]
    anchors: frozenset[str]
    uses_api: bool


@dataclass
class _Drawing:
    """A page while it is drawn."""

    library: Library
    place: Place
    taken: dict[str, int] = field(default_factory=dict)
    headings: list[Heading] = field(default_factory=list)
    anchors: list[str] = field(default_factory=list)
    pictures: int = 0


def render(library: Library, place: Place, public_url: str) -> Rendered:
    """The page as HTML."""
    drawing = _Drawing(library, place)
    tokens = parser().parse(addressed(place, public_url))
    tokens = _without_title(drawing, [token for token in tokens if not _is_silent(token)])
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            _note_heading(drawing, token, tokens[index + 1])
        elif token.type in ("th_open", "td_open"):
            _align_by_class(token)
        elif token.type == "inline":
            token.children = _drawn_children(drawing, token.children or [])
    end = _end_of_lead(tokens)
    return Rendered(
        lead=_html_of(tokens[:end]),
        html=_html_of(list(code.joined(tokens[end:]))),
        headings=tuple(drawing.headings),
        anchors=frozenset(drawing.anchors),
        uses_api=uses_api(place.page.markdown),
    )


def _end_of_lead(tokens: list[Token]) -> int:
    """How many tokens the first paragraph has."""
    return 3 if tokens and tokens[0].type == "paragraph_open" else 0


def _html_of(tokens: list[Token]) -> SafeString:
    return SafeString(_renderer().render(tokens, parser().options, {}))


def _is_silent(token: Token) -> bool:
    """Comments are for tests, front matter for programs."""
    is_comment = token.type == "html_block" and _COMMENT.fullmatch(token.content) is not None
    return is_comment or token.type == "front_matter"


def _without_title(drawing: _Drawing, tokens: list[Token]) -> list[Token]:
    """The title stands above the page already; its anchor is taken."""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        drawing.anchors.append(slug(plain(tokens[1]), drawing.taken))
        return tokens[3:]
    return tokens


def _note_heading(drawing: _Drawing, opening: Token, inline: Token) -> None:
    text = plain(inline)
    anchor = slug(text, drawing.taken)
    opening.attrSet("id", anchor)
    drawing.anchors.append(anchor)
    if (level := int(opening.tag[1:])) in (2, 3):
        drawing.headings.append(Heading(level, anchor, text))
    mark = format_html(' <a class="anchor" href="#{}" aria-label="Link to “{}”">#</a>', anchor, text)
    inline.children = [*(inline.children or []), _made(mark)]


def _align_by_class(cell: Token) -> None:
    """The parser writes a style, which the content security policy refuses."""
    style = str(cell.attrs.pop("style", ""))
    if style:
        cell.attrSet("class", style.replace("text-align:", "to-"))


def _made(html: SafeString) -> Token:
    return Token("made", "", 0, content=html)


def _drawn_children(drawing: _Drawing, children: list[Token]) -> list[Token]:
    """Links that lead where they should, pictures and films as HTML."""
    drawn: list[Token] = []
    at = 0
    while at < len(children):
        if (film := media.film_in(drawing.library, drawing.place, children, at)) is not None:
            drawn.append(_made(media.film(drawing.library, drawing.place, film, children[at + 1])))
            at += 3
            continue
        drawn.append(_drawn_child(drawing, children, at))
        at += 1
    return drawn


def _drawn_child(drawing: _Drawing, children: list[Token], at: int) -> Token:
    child = children[at]
    if child.type == "image":
        drawing.pictures += 1
        return _made(media.picture(drawing.library, drawing.place, child, eager=drawing.pictures == 1))
    if child.type == "link_open":
        _lead(drawing, child, next(one for one in children[at:] if one.type == "link_close"))
    return child


def _lead(drawing: _Drawing, opening: Token, closing: Token) -> None:
    """Give a link its address; what this installation does not give away is named instead."""
    target = target_of(drawing.library, drawing.place, str(opening.attrGet("href") or ""))
    if target.source:
        opening.tag = closing.tag = "span"
        opening.attrs = {"class": "source-file", "title": f"A file of the source: {target.source}"}
        return
    opening.attrSet("href", target.address)
    if "://" in target.address:
        opening.attrSet("rel", "noopener")


@cache
def _renderer() -> RendererHTML:
    renderer = RendererHTML()
    # Typed as methods of the renderer; it calls whatever it finds there.
    rules: dict[str, Any] = {
        "fence": _code,
        "code_block": _code,
        "code_tabs": _tabs,
        "made": lambda tokens, at, *_: tokens[at].content,
        "table_open": lambda *_: '<div class="table-scroll" role="region" aria-label="Table" tabindex="0"><table>\n',
        "table_close": lambda *_: "</table></div>\n",
        "html_block": _html,
        "html_inline": _html,
    }
    renderer.rules.update(rules)
    return renderer


def _code(tokens: Sequence[Token], at: int, *_: Any) -> str:
    return code.drawn(code.block_of(tokens[at]))


def _tabs(tokens: Sequence[Token], at: int, *_: Any) -> str:
    return code.drawn_together([code.block_of(token) for token in tokens[at].children or []])


def _html(tokens: Sequence[Token], at: int, *_: Any) -> str:
    """A few tags that mean something on GitHub, too; everything else is shown as the text that it is."""
    return "".join(
        part if _PLAIN_TAG.fullmatch(part) else escape(_COMMENT.sub("", part))
        for part in _PLAIN_TAG.split(tokens[at].content)
    )
