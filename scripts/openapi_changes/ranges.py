"""The ranges, lengths, patterns and values that a schema allows."""

import json
import math
from collections.abc import Iterator
from typing import Any

from scripts.openapi_changes.nodes import Direction, Finding, Node

_LEAST = ("minLength", "minItems", "minProperties")
_MOST = ("maxLength", "maxItems", "maxProperties")
_EQUAL = ("pattern", "multipleOf", "uniqueItems")


def changed_values(old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
    """Values that are gone and, of what is sent, every narrower limit."""
    yield from _values(old, new, direction)
    if direction == "sent":
        yield from _bounds(old, new)
        yield from _limits(old, new)


def _values(old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
    before, after = _enumerated(old), _enumerated(new)
    if after is None:
        return
    if before is None:
        if direction == "sent":
            yield old.finding(f"is now limited to {_listed(after)}")
        return
    for value in before:
        if value not in after:
            yield old.finding(f"the value {value!r} is gone; left are {_listed(after)}")


def _enumerated(schema: Node) -> list[Any] | None:
    if isinstance(schema.value, dict) and "const" in schema.value:
        return [schema.value["const"]]
    values: list[Any] | None = schema.get("enum")
    return values


def _listed(values: list[Any]) -> str:
    shown = ", ".join(json.dumps(value, ensure_ascii=False) for value in values[:8])
    return shown + (f" and {len(values) - 8} more" if len(values) > 8 else "")


def _bounds(old: Node, new: Node) -> Iterator[Finding]:
    if _lower(new) > _lower(old):
        yield old.finding(f"the least value was {_said(_lower(old), '>')}, is {_said(_lower(new), '>')}")
    if _upper(new) < _upper(old):
        yield old.finding(f"the greatest value was {_said(_upper(old), '<')}, is {_said(_upper(new), '<')}")


def _lower(schema: Node) -> tuple[float, int]:
    """The lower bound; one that is not allowed itself is above the same that is."""
    return max((schema.get("minimum", -math.inf), 0), (schema.get("exclusiveMinimum", -math.inf), 1))


def _upper(schema: Node) -> tuple[float, int]:
    return min((schema.get("maximum", math.inf), 0), (schema.get("exclusiveMaximum", math.inf), -1))


def _said(bound: tuple[float, int], sign: str) -> str:
    value, exclusive = bound
    return "not limited" if math.isinf(value) else f"{sign}{'' if exclusive else '='} {value}"


def _limits(old: Node, new: Node) -> Iterator[Finding]:
    for key in _LEAST:
        if new.get(key, 0) > old.get(key, 0):
            yield old.finding(f"{key} was {old.get(key, 0)}, is {new.get(key)}")
    for key in _MOST:
        if new.get(key, math.inf) < old.get(key, math.inf):
            yield old.finding(f"{key} was {old.get(key, 'not limited')}, is {new.get(key)}")
    for key in _EQUAL:
        if new.get(key) and new.get(key) != old.get(key):
            yield old.finding(f"{key} was {old.get(key)!r}, is {new.get(key)!r}")


def changed_default(pointer: str, old: Node, new: Node) -> Iterator[Finding]:
    """Another default, which stands beside references and unions: whoever sends nothing gets another film."""
    before, after = old.get("default"), new.get("default")
    if before is not None and after is not None and before != after:
        yield Finding(pointer, f"the default was {before!r}, is {after!r}")
