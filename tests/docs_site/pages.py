"""The documentation as its readers get it, in this process."""

from functools import cache
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from apps.docs.library import Library, library


def shelf() -> Library:
    """All pages of this installation."""
    return library()


def get(path: str, accept: str = "text/html", **headers: str) -> Any:
    """What an address answers to somebody who accepts that."""
    return Client().get(path, headers={"Accept": accept, **headers})


class Document(HTMLParser):
    """What a page leads to, loads, and can be led to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.inline_scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append((tag, found))
        self.attributes |= set(found)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        if tag in ("img", "video", "script", "use") or (tag == "link" and found.get("rel") != "canonical"):
            self.loaded += [found[name] for name in ("src", "poster", "href") if name in found]
        if (tag == "script" and "src" not in found) or tag == "style":
            self.inline_scripts += 1

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every such element."""
        return [found for name, found in self.tags if name == tag]


@cache
def document(path: str) -> Document:
    """A page of the site, parsed."""
    answer = get(path)
    assert answer.status_code == 200, path
    parsed = Document()
    parsed.feed(answer.content.decode())
    return parsed
