"""What a key may do: `<area>:read` or `<area>:write`."""

from typing import Final

AREAS: Final = ("renders", "tasks", "uploads", "webhooks", "workspace", "billing")
ALL: Final = tuple(f"{area}:{right}" for area in AREAS for right in ("read", "write"))


def all_scopes() -> list[str]:
    """The scopes of a key that was not restricted."""
    return list(ALL)


def needed(area: str, method: str) -> str:
    """The scope that an HTTP method on an area asks for."""
    return f"{area}:{'read' if method in ('GET', 'HEAD') else 'write'}"
