"""What an expression of Prometheus asks for."""

import re
from collections.abc import Iterator

import promql_parser
from promql_parser import VectorSelector

_TIME = re.compile(r"\$__rate_interval")


def selectors(expression: str) -> list[VectorSelector]:
    """The series that an expression selects. Raises ValueError for what is no PromQL."""
    return list(_below(promql_parser.parse(_TIME.sub("5m", expression))))


def _below(node: object) -> Iterator[VectorSelector]:
    if isinstance(node, VectorSelector):
        yield node
        return
    parts = ("lhs", "rhs", "expr", "param", "vector_selector", "vs")
    children = [getattr(node, part) for part in parts if getattr(node, part, None) is not None]
    for child in [*children, *(getattr(node, "args", None) or [])]:
        yield from _below(child)


def labels_of(selector: VectorSelector) -> set[str]:
    """The labels that it is narrowed by."""
    return {matcher.name for matcher in selector.matchers.matchers}


def named_after(expression: str) -> set[str]:
    """The labels that `by` and `on` name."""
    groups = re.findall(r"\b(?:by|on|group_left)\s*\(([^)]*)\)", expression)
    return {name.strip() for group in groups for name in group.split(",") if name.strip()}
