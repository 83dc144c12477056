"""What a key may do: `<area>:read` or `<area>:write`."""

from typing import Any, Final

from django.core.exceptions import ValidationError

AREAS: Final = ("renders", "tasks", "uploads", "webhooks", "workspace", "billing")
ALL: Final = tuple(f"{area}:{right}" for area in AREAS for right in ("read", "write"))


def all_scopes() -> list[str]:
    """The scopes of a key that was not restricted."""
    return list(ALL)


def needed(area: str, method: str) -> str:
    """The scope that an HTTP method on an area asks for."""
    return f"{area}:{'read' if method in ('GET', 'HEAD') else 'write'}"


def validate(value: Any) -> None:
    """Raises Django's ValidationError unless `value` is a list of known scopes."""
    if not isinstance(value, list) or any(scope not in ALL for scope in value):
        raise ValidationError(f"{value!r} is not a list of scopes; accepted are {', '.join(ALL)}.")
