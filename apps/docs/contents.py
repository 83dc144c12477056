"""The table of contents, docs/site.toml: which pages there are, under which headings, in which order."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Line:
    """A page by its path; `title` is what the navigation calls it, "" for the title of the page."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """Pages under one heading."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All sections in order, and the paths of Markdown files that are no pages of the site."""

    sections: tuple[Section, ...]
    left_out: frozenset[str]

    def paths(self) -> list[str]:
        """Every path in order."""
        return [line.path for section in self.sections for line in section.lines]


def folder() -> Path:
    """Where the documentation lies."""
    return Path(settings.BASE_DIR) / "docs"


def read(file: Path) -> Contents:
    """The table of contents in `file`. Raises OSError, tomllib.TOMLDecodeError, KeyError for a broken one."""
    raw = tomllib.loads(file.read_text("utf-8"))
    sections = tuple(Section(one["title"], tuple(map(_line, one["pages"]))) for one in raw["section"])
    return Contents(sections, frozenset(raw.get("left_out", ())))


def _line(raw: str | dict[str, Any]) -> Line:
    return Line(raw, "") if isinstance(raw, str) else Line(raw["path"], raw["title"])
