"""How pages name the files that browsers load with them."""

from collections.abc import Callable
from re import Match
from typing import Any, Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS: Final = "console/"


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
