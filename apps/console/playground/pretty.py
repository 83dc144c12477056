"""JSON as people write it: what fits on a line stands on one line. The editor's format.js writes the same."""

import json
from collections.abc import Sequence
from typing import Any, Final

WIDTH: Final = 76
_STEP: Final = "  "


def pretty(value: Any) -> str:
    """`value` with an indentation of two spaces, in lines of up to WIDTH characters where that is possible."""
    return _written(value, "", 0) + "\n"


def _written(value: Any, indent: str, used: int) -> str:
    """`used` characters of the line, after the indentation, are taken already."""
    flat = _flat(value)
    is_nested = isinstance(value, (dict, list)) and bool(value)
    if not is_nested or (indent and len(indent) + used + len(flat) <= WIDTH):
        return flat
    inner = indent + _STEP
    if isinstance(value, dict):
        parts = [_member(key, member, inner) for key, member in value.items()]
        return "{\n" + _lines(parts, inner, packed=bool(indent)) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + _written(item, inner, 1) for item in value) + f"\n{indent}]"


def _member(key: str, member: Any, inner: str) -> str:
    name = f"{_flat(key)}: "
    return name + _written(member, inner, len(name) + 1)


def _lines(parts: Sequence[str], inner: str, *, packed: bool) -> str:
    """Members of an object, several on a line where they are short; the film's own stand below each other."""
    lines: list[str] = []
    for part in parts:
        is_short = packed and lines and "\n" not in part + lines[-1] and not part.endswith("]")
        if is_short and len(lines[-1]) + len(part) + 3 <= WIDTH:
            lines[-1] += f", {part}"
        else:
            lines.append(inner + part)
    return ",\n".join(lines)


def _flat(value: Any) -> str:
    """All on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_flat(key)}: {_flat(member)}" for key, member in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flat(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
