"""The sample files of the documentation, as sources: their addresses lead to this installation itself."""

from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

ADDRESS: Final = "/docs/samples/"


def sample_at(url: str) -> Path | None:
    """The file whose address below FRAMELANE_PUBLIC_URL `url` is, letter by letter; None for anything else.

    It is read where it lies: an installation at a private address may not fetch from itself, and the examples of the
    documentation are to work there, too.
    """
    prefix = settings.FRAMELANE_PUBLIC_URL + ADDRESS
    return _samples().get(url.removeprefix(prefix)) if url.startswith(prefix) else None


@cache
def _samples() -> dict[str, Path]:
    return {path.name: path for path in (Path(settings.BASE_DIR) / "docs" / "samples").glob("*.*")}
