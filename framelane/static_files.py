"""What browsers load with pages: which files there are, and how pages name them."""

from collections.abc import Callable, Iterable, Iterator
from re import Match
from typing import Any, Final

from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS: Final = ("console/", "docs/")
FONTS: Final = "fonts"
"""Under what the folder of the engine's faces stands among the static files."""
PAGE_FONTS: Final = frozenset(
    {
        *(f"inter-{script}-wght-normal.woff" for script in ("latin", "latin-ext", "cyrillic", "greek")),
        "jetbrains-mono-latin-wght-normal.woff",
        "LICENSE-inter.txt",
        "LICENSE-jetbrains-mono.txt",
    }
)
"""Those that static/console/tokens.css and the administration are set in, of nearly two hundred for films."""


class Finder(FileSystemFinder):
    """Collects of the engine's faces those of the pages alone: hashing and compressing all takes a quarter minute."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        for path, storage in super().list(ignore_patterns):
            if getattr(storage, "prefix", None) != FONTS or path in PAGE_FONTS:
                yield path, storage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Files under names that change with their contents, so that browsers may keep them for ever, and compressed.

    What was not collected keeps its plain name: a page without its looks is better than none.
    """

    # Scripts name each other, too: one of them under two names would run twice.
    support_js_module_import_aggregation = True

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name

    def url_converter(self, name: str, hashed_files: dict[str, str], template: str | None = None) -> Callable[..., str]:
        if name.endswith(".js") and not name.startswith(OWN_SCRIPTS):
            # Scripts of others also name what they do not bring along.
            return _unchanged
        converter: Callable[..., str] = super().url_converter(name, hashed_files, template)
        return converter


def _unchanged(match: Match[str], *_: Any) -> str:
    return match[0]
