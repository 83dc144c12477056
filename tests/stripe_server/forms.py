"""Stripe's form encoding: `line_items[0][price]=price_pro` becomes nested dictionaries and lists of strings."""

import re
from typing import Any
from urllib.parse import parse_qsl

_KEYS = re.compile(r"[^\[\]]+")


def parse(text: str) -> dict[str, Any]:
    """The values of a body or a query."""
    values: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        keys = _KEYS.findall(name)
        node = values
        for key in keys[:-1]:
            node = node.setdefault(key, {})
        node[keys[-1]] = value
    return {key: _with_lists(value) for key, value in values.items()}


def _with_lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    converted = {key: _with_lists(value) for key, value in node.items()}
    if converted and all(key.isdecimal() for key in converted):
        return [converted[key] for key in sorted(converted, key=int)]
    return converted
