"""What two documents offer: operations, their parameters, bodies and answers, and the calls that are made."""

from collections.abc import Iterator
from typing import Any

from scripts.openapi_changes.nodes import Finding, Node
from scripts.openapi_changes.schemas import Comparison

_METHODS = ("get", "put", "post", "patch", "delete", "head", "options")


def breaking_changes(released: dict[str, Any], current: dict[str, Any]) -> list[Finding]:
    """Everything in `current` that breaks clients of `released`, each once, by its place."""
    old, new = Node.root(released), Node.root(current)
    comparison = Comparison()
    found = [*_operations(comparison, old, new), *_calls(comparison, old, new)]
    return sorted(set(found), key=lambda finding: (finding.pointer, finding.message))


def _operations(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    for path, method, operation in _each(old.at("paths")):
        after = new.at("paths", path, method)
        if after.value:
            yield from _operation(comparison, operation, after)
        else:
            yield operation.finding(f"{method.upper()} {path} is gone")


def _each(paths: Node) -> Iterator[tuple[str, str, Node]]:
    for path, operations in paths.items().items():
        for method in _METHODS:
            if operations.get(method):
                yield path, method, operations.at(method)


def _operation(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    if old.get("operationId") != new.get("operationId"):
        yield old.finding(f"operationId was {old.get('operationId')!r}, is {new.get('operationId')!r}")
    yield from _security(old, new)
    yield from _parameters(comparison, old, new)
    yield from _request(comparison, old, new)
    yield from _answers(comparison, old, new)


def _security(old: Node, new: Node) -> Iterator[Finding]:
    before, after = (sorted(name for one in node.get("security", []) for name in one) for node in (old, new))
    if after and before != after:
        yield old.finding(f"needed {', '.join(before) or 'no key'}, needs {', '.join(after)}")


def _parameters(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    before, after = _by_name(old), _by_name(new)
    for (place, name), parameter in before.items():
        twin = after.get((place, name))
        if twin is None:
            yield parameter.finding(f"the {place} parameter {name!r} is gone")
            continue
        if twin.get("required") and not parameter.get("required"):
            yield parameter.finding(f"the {place} parameter {name!r} is now required")
        yield from comparison.place(parameter.pointer, parameter.at("schema"), twin.at("schema"), "sent")
    for (place, name), parameter in after.items():
        if (place, name) not in before and parameter.get("required"):
            yield parameter.finding(f"the {place} parameter {name!r} is new and required")


def _by_name(operation: Node) -> dict[tuple[str, str], Node]:
    return {(node.get("in"), node.get("name")): node for node in operation.at("parameters").entries()}


def _request(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    before, after = old.at("requestBody"), new.at("requestBody")
    if after.get("required") and not before.get("required"):
        yield after.finding("a body is now required")
    for media_type, content in before.at("content").items().items():
        twin = after.at("content", media_type)
        if twin.value:
            yield from comparison.schemas(content.at("schema"), twin.at("schema"), "sent")
        else:
            yield content.finding(f"a body of the type {media_type} is no longer accepted")


def _answers(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    for status, answer in old.at("responses").items().items():
        twin = new.at("responses", status)
        if twin.value:
            yield from _answer(comparison, answer, twin)
        # An error that does not come any more breaks nobody.
        elif status[0] in "23d":
            yield answer.finding(f"the answer {status} is gone")


def _answer(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    for media_type, content in old.at("content").items().items():
        twin = new.at("content", media_type)
        if twin.value:
            yield from comparison.schemas(content.at("schema"), twin.at("schema"), "read")
        else:
            yield content.finding(f"the answer is no longer {media_type}")


def _calls(comparison: Comparison, old: Node, new: Node) -> Iterator[Finding]:
    """Calls that we make: there, the body is what clients read."""
    for name, call in old.at("webhooks").items().items():
        twin = new.at("webhooks", name)
        if not twin.value:
            yield call.finding(f"the call {name!r} is no longer made")
        else:
            yield from _answer(comparison, call.at("post", "requestBody"), twin.at("post", "requestBody"))
