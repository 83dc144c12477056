"""What elements are called, and text of others made fit for a picture."""

import unicodedata
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

from gpu_tasks.timeline.request import Element, TextElement

MAX_LABEL: Final = 80
_TURNING: Final = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of what follows, also beyond the text that they stand in."""
_UNFIT: Final = ("Cc", "Cs", "Cn")


def label_of(element: Element) -> str:
    """Its name, its text, the name of its file, or at least its type; at most MAX_LABEL characters."""
    if element.name:
        return plain(element.name) or element.type
    own = element.text if isinstance(element, TextElement) else file_name(element.source_url)
    return plain(own) or plain(element.id) or element.type


def file_name(url: str) -> str:
    """The last part of a URL's path, as people read it; the whole URL where it has none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return unquote(PurePosixPath(parts.path).name) or parts.netloc or url


def plain(text: str, longest: int = MAX_LABEL) -> str:
    """On one line, without what no document can hold and what turns the direction, and not longer than `longest`."""
    words = " ".join("".join(map(_fit, text[: 4 * longest])).split())
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def _fit(character: str) -> str:
    if character in _TURNING:
        return ""
    return " " if unicodedata.category(character) in _UNFIT else character
