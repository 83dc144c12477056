"""Requests of earlier renders, as a person would have written them."""

from typing import Any, Final

_FIRST: Final = ("type", "id", "name", "text", "source_url")


def as_written(value: Any) -> Any:
    """The same request with what tells objects apart in front, and whole numbers without a fraction."""
    if isinstance(value, dict):
        leading = [name for name in _FIRST if name in value] if "type" in value else []
        names = [*leading, *(name for name in value if name not in leading)]
        return {name: as_written(value[name]) for name in names}
    if isinstance(value, list):
        return [as_written(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
