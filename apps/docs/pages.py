"""What a page of the documentation is, whether somebody wrote it or a catalogue did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """One page, as Markdown: the site makes HTML of it, and gives it away as it is.

    `path` is its address below /docs/ and its place in the folder `docs`, without a suffix (`guides/captions`,
    `reference/effects`). `markdown` is all of it, from the line `# Title` on. Links in it are relative to its place and
    lead to files, as on GitHub: `../guides/captions.md#styles`, `../images/hello.jpg`; another address of this
    installation starts with a slash (`/v1/capabilities`). `title` and `description` (plain text, a sentence or two) are
    what search engines, lists of pages and search show.
    """

    path: str
    title: str
    description: str
    markdown: str
