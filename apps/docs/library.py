"""All pages of the site, in their order, and the files that lie beside them."""

import os
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from apps.docs import api_reference, contents, reference, written
from apps.docs.files import File, files_in
from apps.docs.pages import Page

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands: what the navigation calls it, under which heading, and what comes before and after it.

    `file` is where links of the page start from: the name of its file below `docs`, for a generated page the name that
    it would have. A page that the table of contents does not know has no `section`.
    """

    page: Page
    file: str
    title: str
    section: str = ""
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Places under one heading of the navigation."""

    title: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Library:
    """Places by path, chapters in order, other files by their name below `docs`."""

    places: dict[str, Place]
    chapters: tuple[Chapter, ...]
    files: dict[str, File]
    kept: dict[Any, Any] = field(default_factory=dict, compare=False)
    """What has been made of the pages, for as long as they stay as they are."""

    def keep(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        """What was made under this key before, or is now. Two threads may both make it; either is right."""
        if key not in self.kept:
            self.kept[key] = make()
        made: T = self.kept[key]
        return made

    def in_order(self) -> Iterator[Place]:
        """Every place that the navigation shows."""
        return chain.from_iterable(chapter.places for chapter in self.chapters)


def library() -> Library:
    """The library of this process. Where it is written on, it is read again after each change."""
    return _read(0.0 if settings.IS_PRODUCTION else _changed_at(contents.folder()))


def _changed_at(folder: Path) -> float:
    """When something in the folder was written last, or taken away from it: folders, too, have a time of change."""
    total = 0.0
    for place, _, names in os.walk(folder):
        texts = (os.path.join(place, name) for name in names if name.endswith((".md", ".toml")))
        total += os.stat(place).st_mtime + sum(os.stat(text).st_mtime for text in texts)
    return total


@lru_cache(maxsize=1)
def _read(changed_at: float) -> Library:
    folder = contents.folder()
    table = contents.read(folder / "site.toml")
    return arranged(table, written.pages(folder), chain(api_reference.pages(), reference.pages()), files_in(folder))


def arranged(
    table: contents.Contents,
    by_hand: Iterable[tuple[str, Page]],
    generated: Iterable[Page],
    files: dict[str, File],
) -> Library:
    """Pages in the order of the table of contents. Lines without a page are passed over: not all have been written."""
    named = [(name, page) for name, page in by_hand if page.path not in table.left_out]
    named += [(f"{page.path}.md", page) for page in generated]
    found = {page.path: (name, page) for name, page in named}
    places = {path: Place(page, name, page.title) for path, (name, page) in found.items()}
    places |= _in_order(table, found)
    chapters = (
        Chapter(section.title, tuple(places[line.path] for line in section.lines if line.path in found))
        for section in table.sections
    )
    return Library(places, tuple(chapter for chapter in chapters if chapter.places), files)


def _in_order(table: contents.Contents, found: dict[str, tuple[str, Page]]) -> dict[str, Place]:
    lines = [(section.title, line) for section in table.sections for line in section.lines if line.path in found]
    paths = [line.path for _, line in lines]
    before = {second: first for first, second in pairwise(paths)}
    after = dict(pairwise(paths))
    return {
        line.path: Place(
            page=found[line.path][1],
            file=found[line.path][0],
            title=line.title or found[line.path][1].title,
            section=title,
            before=before.get(line.path),
            after=after.get(line.path),
        )
        for title, line in lines
    }
