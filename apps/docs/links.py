"""Where the links of a page lead: written as files beside each other, they become addresses of the site."""

import posixpath
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from apps.docs.files import File
from apps.docs.library import Library, Place
from apps.docs.written import path_of

HOME: Final = "/docs/"
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What a link leads to: a page, a file beside the pages, something elsewhere, or a file of the source.

    `address` is "" for a file of the source: this installation does not give it away.
    """

    address: str
    page: Place | None = None
    file: File | None = None
    source: str = ""


def address_of(path: str, suffix: str = "") -> str:
    """The address of a page, absolute on this host; with `suffix` .md that of its Markdown."""
    return HOME + quote(path or ("index" if suffix else "")) + suffix


def target_of(library: Library, place: Place, link: str) -> Target:
    """What `link`, written in the page at `place`, leads to."""
    if not link or _ELSEWHERE.match(link):
        return Target(link)
    path, _, anchor = link.partition("#")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(place.file), unquote(path)))
    anchor = f"#{anchor}" if anchor else ""
    if (page := _page(library, name)) is not None:
        return Target(address_of(page.page.path) + anchor, page=page)
    if (file := library.files.get(name)) is not None:
        return Target(f"{HOME}{quote(name)}", file=file)
    return Target("", source=name.removeprefix("../"))


def _page(library: Library, name: str) -> Place | None:
    """The page that a file, or a folder, is."""
    return library.places.get(path_of(name) if name.endswith(".md") else name)
