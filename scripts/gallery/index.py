"""The page that shows the sheets."""

from pathlib import Path

from scripts.gallery.tiles import Sheet

HEAD = """# Gallery

What the engine draws, each tile a frame of a render request, composed into sheets by the engine as well.
`make gallery` paints the sources and renders all of it anew. The folders beside the sheets hold each entry alone, as a
picture and, where it moves, as a short film: the reference of a running installation shows them.
"""


def write_index(sheets: tuple[Sheet, ...], folder: Path) -> None:
    """`README.md` in the folder of the sheets."""
    contents = "\n".join(f"- [{sheet.title}](#{_anchor(sheet.title)})" for sheet in sheets)
    parts = [HEAD, contents, *map(_section, sheets)]
    (folder / "README.md").write_text("\n".join(parts).rstrip() + "\n", "utf-8")


def _section(sheet: Sheet) -> str:
    lines = [f"- `{strip.name}`: {strip.look}" for strip in sheet.strips if strip.look]
    return "\n".join([f"\n## {sheet.title}\n", f"{sheet.about}\n", f"![{sheet.title}]({sheet.file}.jpg)\n", *lines])


def _anchor(title: str) -> str:
    """GitHub's anchor of a heading."""
    kept = (letter for letter in title.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")
