"""The OpenAPI document, in the pieces that pages are made of."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from framelane.api.openapi import document

Schema = dict[str, Any]
_REFERENCE: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Operation:
    """A method of an address. `raw` is the operation object of OpenAPI 3.1."""

    method: str
    path: str
    raw: dict[str, Any]

    @property
    def id(self) -> str:
        return str(self.raw["operationId"])

    @property
    def summary(self) -> str:
        return str(self.raw.get("summary") or self.id.replace("_", " "))

    @property
    def description(self) -> str:
        return str(self.raw.get("description", ""))

    @property
    def needs_key(self) -> bool:
        return bool(self.raw.get("security"))

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return list(self.raw.get("parameters", ()))

    @property
    def body(self) -> Schema | None:
        """The schema of what is sent, None where nothing is."""
        return _json_schema(self.raw.get("requestBody", {}))

    @property
    def answers(self) -> list[tuple[str, str, Schema | None]]:
        """Status, what it means, and the schema of the answer, in order; `default` comes last."""
        found = [
            (status, answer["description"], _json_schema(answer)) for status, answer in self.raw["responses"].items()
        ]
        return sorted(found)


@dataclass(frozen=True, slots=True)
class Tag:
    """Operations of one subject."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def _json_schema(part: dict[str, Any]) -> Schema | None:
    schema: Schema | None = part.get("content", {}).get("application/json", {}).get("schema")
    return schema


@cache
def api() -> dict[str, Any]:
    """The document of this process."""
    read: dict[str, Any] = json.loads(document())
    return read


def tags() -> list[Tag]:
    """Every tag with operations, in the order of the document."""
    operations = list(_operations())
    grouped = (
        Tag(
            tag["name"],
            tag.get("description", ""),
            tuple(one for one in operations if tag["name"] in one.raw["tags"][:1]),
        )
        for tag in api()["tags"]
    )
    return [tag for tag in grouped if tag.operations]


def _operations() -> Iterator[Operation]:
    for path, methods in api()["paths"].items():
        for method, raw in methods.items():
            yield Operation(method.upper(), path, raw)


def component(name: str) -> Schema:
    """A schema by its name."""
    found: Schema = api()["components"]["schemas"][name]
    return found


def name_of(schema: Schema) -> str:
    """The component that a schema refers to, "" where it is spelled out."""
    return str(schema.get("$ref", "")).removeprefix(_REFERENCE)


def resolved(schema: Schema) -> Schema:
    """The schema, or the one that it refers to."""
    name = name_of(schema)
    return {**component(name), **{key: value for key, value in schema.items() if key != "$ref"}} if name else schema


def names_within(node: Any) -> Iterator[str]:
    """Every component that is referred to somewhere in `node`, in order, each once for every time."""
    if isinstance(node, dict):
        if name := name_of(node):
            yield name
        for value in node.values():
            yield from names_within(value)
    elif isinstance(node, list):
        for value in node:
            yield from names_within(value)


def reachable(start: list[str]) -> list[str]:
    """These components and all that they are made of, in the order in which a reader meets them."""
    found: dict[str, None] = {}
    waiting = list(start)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += names_within(component(name))
    return list(found)
