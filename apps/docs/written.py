"""The pages that somebody wrote: the Markdown files of the folder `docs`."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from apps.docs.markdown import first_words
from apps.docs.pages import Page

INDEX: Final = "README"
"""What the file of a folder's own page is called, so that GitHub shows it, too."""


def path_of(file: str) -> str:
    """The address of a file by its name below `docs`: `media` for media.md, `operations` for operations/README.md."""
    place = PurePosixPath(file).with_suffix("")
    path = place.parent if place.name == INDEX else place
    return "" if str(path) == "." else str(path)


def pages(folder: Path) -> Iterator[tuple[str, Page]]:
    """Every page with the name of its file below `folder`."""
    for file in sorted(folder.rglob("*.md")):
        name = file.relative_to(folder).as_posix()
        markdown = file.read_text("utf-8")
        title, description = first_words(markdown)
        yield name, Page(path_of(name), title or name, description, markdown)
