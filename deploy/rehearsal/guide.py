"""The shell blocks of a guide, in order, as one script: what a reader who pastes them all would run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_FENCE = re.compile(r"^```sh\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_NOTE = re.compile(r"<!-- (?P<kind>not rehearsed|rehearsed with): (?P<text>[^\n]+) -->\n\Z")
_VALUE = re.compile(r"^(?P<name>[A-Z_]+)=.*$", re.MULTILINE)


class GuideError(ValueError):
    """A guide that cannot be followed as it was asked for."""


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a guide. `code` is what a reader runs, `rehearsed` what a rehearsal does: nothing, if left out."""

    heading: str
    code: str
    rehearsed: str | None
    reason: str


def blocks(text: str) -> Iterator[Block]:
    """The blocks marked `sh`, with the comment above them that says why a rehearsal does something else."""
    for match in _FENCE.finditer(text):
        heading = re.findall(r"^## (.+)$", text[: match.start()], re.MULTILINE)
        note = _NOTE.search(text[: match.start()])
        rehearsed: str | None = match["code"]
        if note:
            rehearsed = None if note["kind"] == "not rehearsed" else f"{note['text']}\n"
        yield Block(heading[-1] if heading else "", match["code"], rehearsed, note["text"] if note else "")


def with_values(code: str, values: Mapping[str, str]) -> str:
    """The first block with the reader's own values. Raises GuideError for a name that it does not ask for."""
    asked = {match["name"] for match in _VALUE.finditer(code)}
    if unknown := sorted(values.keys() - asked):
        raise GuideError(f"the guide asks for {sorted(asked)}, not for {unknown}")
    lines = [_line(line, values) for line in code.splitlines(keepends=True)]
    return "".join(lines)


def _line(line: str, values: Mapping[str, str]) -> str:
    name, equals, _ = line.partition("=")
    return f"{name}={_quoted(values[name])}\n" if equals and name in values else line


def section(text: str, heading: str) -> str:
    """The part of a guide below one of its headings of the second order. Raises GuideError when there is none."""
    for part in re.split(r"^(?=## )", text, flags=re.MULTILINE):
        if part.startswith(f"## {heading}\n"):
            return part
    raise GuideError(f"there is no section {heading!r}")


def script(text: str, values: Mapping[str, str]) -> str:
    """A bash script that follows the guide and stops at the first mistake, telling where it is."""
    parts = ["set -euo pipefail"]
    for index, block in enumerate(blocks(text)):
        if block.rehearsed is None:
            parts.append(f"printf '\\n=== %s: left out (%s)\\n' {_quoted(block.heading)} {_quoted(block.reason)}")
            continue
        code = with_values(block.rehearsed, values) if index == 0 else block.rehearsed
        parts += [f"printf '\\n=== %s\\n' {_quoted(block.heading)}", code]
    return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
