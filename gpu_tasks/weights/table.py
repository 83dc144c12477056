"""The catalogue as the table in docs/models.md: `python -m gpu_tasks.weights.table` writes it there anew."""

import sys
from collections.abc import Iterable
from pathlib import Path

from gpu_tasks.weights.catalogue import descriptors
from gpu_tasks.weights.descriptor import Descriptor

PAGE = Path(__file__).resolve().parents[2] / "docs" / "models.md"
BEGIN, END = "<!-- table of models: begin -->", "<!-- table of models: end -->"
_HEAD = ("Name", "For", "Network", "Licence", "Commercial use", "Comes with", "Size", "Source")


def table(entries: Iterable[Descriptor]) -> str:
    """A table in Markdown, one line for each network, then the notes."""
    entries = tuple(entries)
    lines = [_line(_HEAD), _line("---" for _ in _HEAD), *(_line(_cells(entry)) for entry in entries)]
    notes = [f"- `{entry.name}`: {entry.notes}" for entry in entries if entry.notes]
    return "\n".join([*lines, *(["", *notes] if notes else [])])


def with_table(page: str, made: str) -> str:
    """The page with what lies between its two marks replaced. Raises ValueError where it lacks them."""
    before, found, rest = page.partition(BEGIN)
    _, found_end, after = rest.partition(END)
    if not (found and found_end):
        raise ValueError(f"the page lacks {BEGIN!r} or {END!r}")
    return f"{before}{BEGIN}\n\n{made}\n\n{END}{after}"


def _cells(entry: Descriptor) -> tuple[str, ...]:
    return (
        f"`{entry.name}`",
        entry.purpose.replace("_", " ") + (f", {entry.variant}" if entry.variant else ""),
        entry.architecture + (f", ×{entry.scale}" if entry.scale > 1 else ""),
        entry.licence,
        "yes" if entry.commercial_use else "no",
        entry.package or ("this project" if entry.packaged else "the operator"),
        _size(entry.size_bytes),
        f"[{entry.source}]({entry.url})" if entry.url else entry.source,
    )


def _size(size_bytes: int) -> str:
    if size_bytes == 0:
        return "unknown"
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e6 else f"{size_bytes / 1e3:.0f} kB"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> int:
    """Write the table into the page."""
    PAGE.write_text(with_table(PAGE.read_text("utf-8"), table(descriptors())), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
