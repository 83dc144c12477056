"""What the command shows: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from pydantic import BaseModel

_COLOURS = {"red": "31", "green": "32", "yellow": "33", "dim": "2", "bold": "1"}
_BAR_WIDTH = 24
_REDRAW_S = 0.1


class Terminal:
    """Where things are shown. Colours and moving bars appear on terminals only, and no colours where NO_COLOR is set.

    `as_json` makes results JSON; `quiet` leaves out everything but results and errors.
    """

    def __init__(self, *, as_json: bool, quiet: bool) -> None:
        self.as_json = as_json
        self.is_quiet = quiet
        self.is_live = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def result(self, data: Any, lines: Iterable[str] = ()) -> None:
        """A result: `data` as JSON, or `lines` for people."""
        if self.as_json:
            print(json.dumps(plain(data), ensure_ascii=False, indent=2))
        else:
            for line in lines:
                print(line)

    def note(self, text: str) -> None:
        """Something that is good to know."""
        if not self.is_quiet:
            self._tell(text)

    def warning(self, text: str) -> None:
        """Something that is probably not meant."""
        if not self.is_quiet:
            self._tell(f"{self.paint('warning:', 'yellow')} {text}")

    def error(self, lines: Sequence[str]) -> None:
        """What went wrong."""
        for line in lines:
            self._tell(f"{self.paint('error:', 'red')} {line}")

    def paint(self, text: str, colour: str, stream: TextIO | None = None) -> str:
        """The text in a colour where the stream shows colours."""
        if not _has_colours(stream or sys.stderr):
            return text
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"

    def table(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Rows in columns; the first row is the heading."""
        widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
        return [self.paint(lines[0], "dim", sys.stdout), *lines[1:]]

    def _tell(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)


class Progress:
    """How far something is. Redraws one line on a terminal; elsewhere writes a line whenever `stage` changes."""

    def __init__(self, terminal: Terminal, title: str) -> None:
        self._terminal = terminal
        self._title = title
        self._began = time.monotonic()
        self._drawn_at = -_REDRAW_S
        self._width = 0
        self._told = ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._wipe()

    def show(self, stage: str, share: float | None, detail: str = "") -> None:
        """`share` is 0 to 1, None where nobody knows."""
        if self._terminal.is_live:
            self._draw(stage, share, detail)
        elif not self._terminal.is_quiet and stage != self._told:
            print(f"{self._title}: {stage}", file=sys.stderr, flush=True)
        self._told = stage

    def _draw(self, stage: str, share: float | None, detail: str) -> None:
        now = time.monotonic()
        if now - self._drawn_at < _REDRAW_S and stage == self._told and share != 1:
            return
        self._drawn_at = now
        known = f"{_bar(share)} {share:4.0%}  " if share is not None else ""
        line = f"{self._title}  {known}{stage}{'  ' + detail if detail else ''}  {now - self._began:.0f} s"
        line = line[: shutil.get_terminal_size().columns - 1]
        print(f"\r{line.ljust(self._width)}", end="", file=sys.stderr, flush=True)
        self._width = len(line)

    def _wipe(self) -> None:
        if self._terminal.is_live and self._width:
            print(f"\r{' ' * self._width}\r", end="", file=sys.stderr, flush=True)
            self._width = 0


def _bar(share: float) -> str:
    full, empty = ("█", "░") if _writes(sys.stderr, "█░") else ("#", "-")
    filled = round(max(0.0, min(1.0, share)) * _BAR_WIDTH)
    return full * filled + empty * (_BAR_WIDTH - filled)


def _writes(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _has_colours(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def plain(data: Any) -> Any:
    """Data as JSON holds them."""
    if isinstance(data, BaseModel):
        return data.model_dump(mode="json")
    if isinstance(data, dict):
        return {name: plain(value) for name, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, (list, tuple)) else data


def bytes_text(size: int | None) -> str:
    """A size for people."""
    if size is None:
        return "unknown size"
    value, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
