"""Markdown of generated pages."""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final

from apps.docs.markdown import first_words
from apps.docs.pages import Page

_LINE_CHARACTERS: Final = 100
SAMPLES: Final = "http://localhost:8000/docs/samples"
"""Sources of examples: files that every installation gives away."""


def page(name: str, *parts: str) -> Page:
    """A page of the reference, from its title on; parts stand below each other, empty ones are left out."""
    markdown = "\n\n".join(part.strip("\n") for part in parts if part) + "\n"
    title, description = first_words(markdown)
    return Page(f"reference/{name}", title, description, markdown)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; "" without rows."""
    lines = [_row(row) for row in rows]
    return "\n".join([_row(heads), _row(["---"] * len(heads)), *lines]) if lines else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def code(value: Any) -> str:
    """A value as it stands in JSON, as code."""
    return f"`{json.dumps(value, ensure_ascii=False)}`"


def name(value: str) -> str:
    """A name, as code."""
    return f"`{value}`"


def example(value: Any, part: str = "") -> str:
    """A block of JSON; `part` says what it is a part of, or which component it is."""
    return f"```{' '.join(filter(None, ['json', part]))}\n{laid_out(value)}\n```"


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON with everything on one line that has room there."""
    short = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or (len(short) + indent <= _LINE_CHARACTERS and _is_flat(value)):
        return short
    inner = " " * (indent + 2)
    if isinstance(value, dict):
        members = [f"{json.dumps(key)}: {laid_out(member, indent + 2)}" for key, member in value.items()]
    else:
        members = [laid_out(member, indent + 2) for member in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(members) + f"\n{' ' * indent}{closing}"


def _is_flat(value: dict[str, Any] | list[Any]) -> bool:
    """Whether it holds no lists of objects: those read better below each other."""
    members = value.values() if isinstance(value, dict) else value
    return not any(isinstance(member, list) and len(member) > 1 and isinstance(member[0], dict) for member in members)


def picture(folder: str, file: str, words: str) -> str:
    """A picture of the gallery, for pages directly below reference/."""
    return f"![{words}](../gallery/{folder}/{file}.jpg)"


def film(folder: str, file: str, words: str) -> str:
    """A short film of the gallery, shown by its picture where films cannot be."""
    return f"[{picture(folder, file, words)}](../gallery/{folder}/{file}.mp4)"


def unsupported(entry: dict[str, Any]) -> str:
    """What to say of an entry that does not work here; "" of one that does."""
    return "" if entry["supported"] else f"**Not supported here.** {entry['reason']}"


def index(folder: str, names: Iterable[tuple[str, str]]) -> str:
    """Links to the sections of a page, each with its picture in the gallery and a few words."""
    return "\n".join(f"- [{picture(folder, one, '')} `{one}`](#{one}) {look}" for one, look in names)
