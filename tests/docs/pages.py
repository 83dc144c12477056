"""The pages of the documentation, and the fenced blocks in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.processes import ROOT

NOT_RUN = re.compile(r"<!-- not run: (?P<reason>[^>]+) -->")
PAGE_NOT_RUN = re.compile(r"<!-- no block of this page is run: (?P<reason>[^>]+) -->")
ANSWERS = re.compile(r"<!-- answers: (?P<statuses>[0-9 ]+) -->")
FENCE = re.compile(r"^(?P<indent> *)```(?P<info>[^`]*)$")
RUN = ("sh", "python", "ts")
"""Languages whose blocks make one script a page."""
SHOWN = ("text", "console", "mermaid", "json", "yaml", "toml", "html", "nginx", "xml")
"""Languages that are read, not run; JSON is tested in its own way."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block. `line` is the line of its first line of text, counted from 1."""

    page: Path
    line: int
    language: str
    detail: str
    text: str
    not_run: str | None

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True)
class Page:
    path: Path
    text: str
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        return str(self.path.relative_to(ROOT))

    def of(self, language: str) -> list[Block]:
        """The blocks of a language that are to be tested."""
        return [block for block in self.blocks if block.language == language and block.not_run is None]

    @property
    def expected_endings(self) -> tuple[str, ...]:
        """How `METHOD path: status` may end: with the errors that the page provokes on purpose."""
        return tuple(f": {status}" for found in ANSWERS.finditer(self.text) for status in found["statuses"].split())


def paths() -> list[Path]:
    """Every page that somebody wrote: README, docs/ without its decisions, and what the SDKs say of themselves."""
    decisions = ROOT / "docs" / "decisions"
    docs = [path for path in sorted((ROOT / "docs").rglob("*.md")) if not path.is_relative_to(decisions)]
    return [ROOT / "README.md", *docs, *sorted((ROOT / "sdks").glob("*/README.md"))]


def pages() -> list[Page]:
    return [read(path) for path in paths()]


def read(path: Path) -> Page:
    text = path.read_text("utf-8")
    return Page(path, text, tuple(blocks_of(path, text)))


def blocks_of(path: Path, text: str) -> Iterator[Block]:
    """The blocks of a page in their order. A remark `not run: why` holds for the block below it and its tabs."""
    whole = PAGE_NOT_RUN.search(text)
    lines = text.splitlines()
    remark: str | None = None
    number = 0
    while number < len(lines):
        line = lines[number]
        if opening := FENCE.match(line):
            end = _end_of(lines, number, opening["indent"], path)
            language, _, detail = opening["info"].strip().partition(" ")
            body = [_without(opening["indent"], inner) for inner in lines[number + 1 : end]]
            reason = whole["reason"] if whole else remark
            yield Block(path, number + 2, language, detail.strip(), "\n".join(body), reason)
            number = end
        elif found := NOT_RUN.search(line):
            remark = found["reason"].strip()
        elif line.strip():
            remark = None
        number += 1


def _end_of(lines: list[str], opening: int, indent: str, path: Path) -> int:
    for number in range(opening + 1, len(lines)):
        if lines[number].strip() == "```":
            return number
    raise AssertionError(f"{path}:{opening + 1}: the block that opens here is never closed")


def _without(indent: str, line: str) -> str:
    return line.removeprefix(indent)


def script(blocks: list[Block]) -> str:
    """The blocks one after the other, each on the lines that it has in the page, so that errors tell those."""
    text: list[str] = []
    for block in blocks:
        text += [""] * (block.line - 1 - len(text))
        text += block.text.splitlines()
    return "\n".join(text) + "\n"


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields between `---` at the beginning of a page, one a line, and the page below them."""
    if not text.startswith("---\n"):
        return {}, text
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    pairs = (line.partition(": ") for line in head.splitlines())
    return {name: value for name, _, value in pairs}, body.lstrip("\n")


def without_code(text: str) -> str:
    """What a page says outside of its blocks and of `code`."""
    kept, fenced = [], False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            kept.append(re.sub(r"`[^`]*`", "", line))
    return "\n".join(kept)


def anchors(text: str) -> set[str]:
    """The anchors of the headings of a page, as GitHub makes them."""
    found: set[str] = set()
    fenced = False
    for line in text.splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced and (heading := re.match(r"#{1,6} +(.+)", line)):
            slug = slug_of(heading[1])
            number = 1
            while slug in found:
                slug, number = f"{slug_of(heading[1])}-{number}", number + 1
            found.add(slug)
    return found | set(re.findall(r'<a (?:id|name)="([^"]+)"', text))


def slug_of(heading: str) -> str:
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.strip()).lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
