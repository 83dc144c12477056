"""Pictures, and films that are written as a picture that leads to them: `[![words](still.jpg)](film.mp4)`."""

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from markdown_it.token import Token

from apps.docs.files import File, picture_size
from apps.docs.library import Library, Place
from apps.docs.links import Target, target_of

_FILMS: Final = ("video/mp4", "video/webm")


def kept_address(target: Target) -> str:
    """The address under which a file may be kept for ever: it changes with what is in it."""
    return f"{target.address}?v={target.file.digest}" if target.file else target.address


def picture(library: Library, place: Place, token: Token, *, eager: bool) -> SafeString:
    """An image token; the first picture of a page is fetched at once, the others when they come near."""
    target = target_of(library, place, str(token.attrGet("src") or ""))
    return format_html(
        '<img src="{}" alt="{}"{}{}>', kept_address(target), token.content, _size(target.file), _loading(eager)
    )


def film_in(library: Library, place: Place, children: list[Token], at: int) -> Target | None:
    """The film that the link at `children[at]` leads to, where all it holds is a picture; None for any other link."""
    kinds = [child.type for child in children[at : at + 3]]
    if kinds != ["link_open", "image", "link_close"]:
        return None
    target = target_of(library, place, str(children[at].attrGet("href") or ""))
    return target if target.file and target.file.content_type in _FILMS else None


def film(library: Library, place: Place, film: Target, still: Token) -> SafeString:
    """A short film without sound that runs again and again: a script starts it, and its controls do without one."""
    poster = target_of(library, place, str(still.attrGet("src") or ""))
    return format_html(
        '<video class="preview" src="{}" poster="{}" aria-label="{}"{} muted loop playsinline controls preload="none">'
        "</video>",
        kept_address(film),
        kept_address(poster),
        still.content,
        _size(poster.file),
    )


def _size(file: File | None) -> SafeString:
    size = picture_size(file.path) if file else None
    return format_html(' width="{}" height="{}"', *size) if size else SafeString("")


def _loading(eager: bool) -> SafeString:
    return SafeString("" if eager else ' loading="lazy" decoding="async"')
