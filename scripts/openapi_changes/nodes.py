"""Places in an OpenAPI document."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Self

Direction = Literal["sent", "read"]
"""Whether clients send it or read it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A change that breaks clients. `pointer` is a JSON pointer into the released document, or, for what came since,
    into the new one."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}"


@dataclass(frozen=True, slots=True)
class Node:
    """A value in a document and where it is."""

    document: dict[str, Any]
    pointer: str
    value: Any

    @classmethod
    def root(cls, document: dict[str, Any]) -> Self:
        return cls(document, "#", document)

    def at(self, *keys: str) -> "Node":
        """The value below these keys, references followed; an empty object where there is none."""
        node = self
        for key in keys:
            below = node.value.get(key, {}) if isinstance(node.value, dict) else {}
            node = Node(self.document, f"{node.pointer}/{_escaped(key)}", below).resolved()
        return node

    def items(self) -> "dict[str, Node]":
        """What is below each key of an object."""
        return {key: self.at(key) for key in self.value} if isinstance(self.value, dict) else {}

    def entries(self) -> "Iterator[Node]":
        """The items of a list."""
        for index, value in enumerate(self.value if isinstance(self.value, list) else []):
            yield Node(self.document, f"{self.pointer}/{index}", value).resolved()

    def get(self, key: str, default: Any = None) -> Any:
        """A plain value below a key."""
        return self.value.get(key, default) if isinstance(self.value, dict) else default

    def resolved(self) -> "Node":
        """What a reference leads to; other keys beside the reference win."""
        if not isinstance(self.value, dict) or not isinstance(self.value.get("$ref"), str):
            return self
        target = Node.root(self.document).at(*(_unescaped(part) for part in self.value["$ref"].split("/")[1:]))
        beside = {key: value for key, value in self.value.items() if key != "$ref"}
        return Node(self.document, target.pointer, {**target.value, **beside})

    def finding(self, message: str) -> Finding:
        return Finding(self.pointer, message)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
