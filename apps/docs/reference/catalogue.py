"""The catalogue that `/v1/capabilities` serves, made once a process."""

from functools import cache
from typing import Any

from apps.capabilities.selectors import capabilities


@cache
def served() -> dict[str, Any]:
    """The whole document. Treat it as read-only: it is shared."""
    return capabilities()


def entries(section: str) -> list[dict[str, Any]]:
    """The entries of a section, in order."""
    found: list[dict[str, Any]] = served()[section]
    return found
