"""Every setting of an installation, and the page that explains it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings

from apps.docs.contents import folder
from apps.docs.markdown import first_words
from apps.docs.pages import Page
from apps.docs.reference.writing import page, table

README: Final = "../README.md"
"""Where the main settings stand, as a file relative to `docs`."""
_VARIABLE: Final = re.compile(r"`([A-Z][A-Z0-9_]*[A-Z0-9])`")
_LINK: Final = re.compile(r"\]\((?!https?:)([^)]+)\)")
_RULE: Final = re.compile(r"[\s|:-]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of one of the tables: its variables, what it says of them, and the file that has it, relative to `docs`."""

    variables: tuple[str, ...]
    default: str
    meaning: str
    file: str


def pages() -> Iterable[Page]:
    """The page of settings."""
    yield page(
        "settings",
        "# All settings",
        "Everything is set in the environment, and without any of it an installation keeps itself in its home folder. "
        "This lists every variable.",
        "Names end in their unit: `_S` seconds, `_DAYS`, `_BYTES`. `manage.py check` says what is missing or cannot "
        "work. [Settings that are rarely changed](../settings.md) has them by subject.",
        table(("variable", "default", "what it does", "explained in"), map(_row, documented(folder()))),
    )


def documented(docs: Path) -> list[Setting]:
    """The rows of all tables of settings, of the README and of the pages in `docs`, each variable once, by name."""
    readme = Path(settings.BASE_DIR) / "README.md"
    files = [(README, readme)] if readme.is_file() else []
    files += [(path.relative_to(docs).as_posix(), path) for path in sorted(docs.glob("*.md"))]
    known: set[str] = set()
    found = []
    for row in (row for name, path in files for row in _settings_of(path, name)):
        if not known.issuperset(row.variables):
            found.append(row)
            known.update(row.variables)
    return sorted(found, key=lambda row: row.variables)


def _settings_of(path: Path, file: str) -> Iterator[Setting]:
    heads: list[str] = []
    for line in path.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if cells and not heads:
            heads = cells
        elif not cells:
            heads = []
        elif not _RULE.fullmatch(line):
            yield from _setting(heads, cells, file)


def _setting(heads: Sequence[str], cells: Sequence[str], file: str) -> Iterator[Setting]:
    """Tables of two columns tell no default; those of amounts have the variable in their last one."""
    if variables := _only_variables(cells[0]):
        default, meaning = (cells[1], cells[2]) if len(cells) == 3 else ("", cells[-1])
        yield Setting(variables, default, _moved(meaning, file), file)
    elif len(cells) == 3 and (variables := _only_variables(cells[2])):
        yield Setting(variables, cells[1], _moved(f"{heads[1]} ({heads[0]}: {cells[0]})", file), file)


def _only_variables(cell: str) -> tuple[str, ...]:
    """The variables of a cell that holds nothing else."""
    found = tuple(_VARIABLE.findall(cell))
    return found if found and not _VARIABLE.sub("", cell).strip(" ,") else ()


def _moved(markdown: str, file: str) -> str:
    """What links of the file lead to, as links of a page in docs/reference."""
    if file == README:
        return _LINK.sub(lambda link: f"](../{link[1].removeprefix('docs/')})", markdown)
    return _LINK.sub(lambda link: f"](../{link[1]})", markdown)


def _row(row: Setting) -> tuple[str, ...]:
    return (", ".join(f"`{one}`" for one in row.variables), row.default or "none", row.meaning, _explained(row.file))


def _explained(file: str) -> str:
    if file == README:
        return "[README](../../README.md#settings)"
    title, _ = first_words((folder() / file).read_text("utf-8"))
    return f"[{title}](../{file})"
