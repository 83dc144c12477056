"""What two schemas accept, or promise."""

from collections.abc import Callable, Iterator

from scripts.openapi_changes.nodes import Direction, Finding, Node
from scripts.openapi_changes.ranges import changed_default, changed_values

_ANY = "anything"


class Comparison:
    """Compares schemas and those that they refer to, each pair once for each direction."""

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, Direction]] = set()

    def place(self, pointer: str, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        """The schemas of a field or a parameter at `pointer`, and what is said of them there alone."""
        if direction == "sent":
            yield from changed_default(pointer, old, new)
        yield from self.schemas(old, new, direction)

    def schemas(self, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        """What of `old` a client relies on and `new` breaks."""
        pair = (old.pointer, new.pointer, direction)
        if pair in self._seen:
            return
        self._seen.add(pair)
        before, after = _alternatives(old), _alternatives(new)
        if len(before) == len(after) == 1:
            yield from self._alternative(before[0], after[0], direction)
        else:
            yield from self._unions(old, before, after, direction)
            # Fields that all members share stand beside the union.
            yield from self._objects(old, new, direction)

    def _unions(self, old: Node, before: list[Node], after: list[Node], direction: Direction) -> Iterator[Finding]:
        """Every way to send it must be left; there must be no new way to read it, such as null."""
        for alternative in before:
            twin = _twin(alternative, after, lambda one, other: _is_compatible(one, other, direction))
            if twin is not None:
                yield from self.schemas(alternative, twin, direction)
            elif direction == "sent":
                yield old.finding(f"{_name(alternative)} is no longer accepted")
        for alternative in after if direction == "read" else ():
            if _twin(alternative, before, lambda one, other: _is_compatible(other, one, direction)) is None:
                yield old.finding(f"may now be {_name(alternative)}")

    def _alternative(self, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        if not _is_compatible(old, new, direction):
            yield old.finding(f"was {_name(old)}, is {_name(new)}")
            return
        yield from changed_values(old, new, direction)
        yield from _format(old, new, direction)
        if old.get("items") and new.get("items"):
            yield from self.schemas(old.at("items"), new.at("items"), direction)
        yield from self._objects(old, new, direction)

    def _objects(self, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        before, after = old.at("properties").items(), new.at("properties").items()
        needed, was_needed = set(new.get("required", ())), set(old.get("required", ()))
        for name in before:
            if name not in after:
                yield old.finding(f"the field {name!r} is gone")
            elif direction == "read" and name in was_needed - needed:
                yield old.finding(f"the field {name!r} was always there, and may now be missing")
            if name in after:
                yield from self.place(f"{old.pointer}/properties/{name}", before[name], after[name], direction)
        for name in sorted(needed - was_needed) if direction == "sent" else ():
            yield new.finding(f"the field {name!r} is now required")
        yield from self._others(old, new, direction)

    def _others(self, old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
        """Fields under names of the client's own."""
        before, after = old.get("additionalProperties", True), new.get("additionalProperties", True)
        if direction == "sent" and before is not False and after is False:
            yield old.finding("fields of other names are no longer accepted")
        if isinstance(before, dict) and isinstance(after, dict):
            yield from self.schemas(old.at("additionalProperties"), new.at("additionalProperties"), direction)


def _alternatives(schema: Node) -> list[Node]:
    """What a value may be: itself, or the members of a union, of unions of unions too, and of several types."""
    members = [*schema.at("anyOf").entries(), *schema.at("oneOf").entries()]
    if members:
        return [alternative for member in members for alternative in _alternatives(member)]
    types = schema.get("type")
    if isinstance(types, list):
        return [
            Node(schema.document, f"{schema.pointer}/type/{name}", {**schema.value, "type": name}) for name in types
        ]
    return [schema]


def _twin(alternative: Node, others: list[Node], fits: Callable[[Node, Node], bool]) -> Node | None:
    """The member of the other union that took its place: the same one, one of the same name, else one that fits."""
    same = (other for other in others if other.value == alternative.value)
    by_name = (other for other in others if other.pointer == alternative.pointer and _is_component(other))
    by_type = (other for other in others if fits(alternative, other) and _constants(alternative) == _constants(other))
    return next(same, None) or next(by_name, None) or next(by_type, None)


def _is_component(schema: Node) -> bool:
    return schema.pointer.startswith("#/components/schemas/") and schema.pointer.count("/") == 3


def _constants(schema: Node) -> dict[str, object]:
    """Objects of one type are told apart by their constant fields, such as `type`."""
    fields = schema.get("properties", {})
    return {name: field["const"] for name, field in fields.items() if isinstance(field, dict) and "const" in field}


def _type(schema: Node) -> str:
    name = schema.get("type")
    return str(name) if name else "object" if schema.get("properties") else _ANY


def _name(schema: Node) -> str:
    return schema.pointer.rpartition("/")[2] if _is_component(schema) and _type(schema) == "object" else _type(schema)


def _is_compatible(old: Node, new: Node, direction: Direction) -> bool:
    """Whether one type can take the place of another: wider for what is sent, narrower for what is read."""
    narrow, wide = (old, new) if direction == "sent" else (new, old)
    return _type(wide) in (_ANY, _type(narrow)) or (_type(narrow), _type(wide)) == ("integer", "number")


def _format(old: Node, new: Node, direction: Direction) -> Iterator[Finding]:
    before, after = old.get("format"), new.get("format")
    promised = after if direction == "sent" else before
    if promised is not None and before != after:
        yield old.finding(f"the format was {before!r}, is {after!r}")
