"""Findings about scenes, and how failures of Pydantic become findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal, Union

from pydantic import ValidationError
from pydantic_core import ErrorDetails

Part = Union[str, int]


@dataclass(frozen=True)
class Violation:
    """Something about a scene that is wrong (`error`) or probably not meant (`warning`).

    `path` is a JSON pointer (RFC 6901) into the scene; "" is the scene as a whole.
    """

    code: str
    message: str
    severity: Literal["error", "warning"]
    path: str

    def __str__(self) -> str:
        return f"{self.path or 'scene'}: {self.message}"


class InvalidTimeline(ValueError):
    """Something that cannot be built; the message names the field, what was given and what is accepted."""


def pointer(*parts: Part) -> str:
    """A JSON pointer from its parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def violations_of(error: ValidationError, payload: Any) -> list[Violation]:
    """The failures of a validation, with pointers into `payload`."""
    return [_violation(detail, payload) for detail in error.errors(include_url=False)]


def _violation(detail: ErrorDetails, payload: Any) -> Violation:
    location = list(detail["loc"])
    if detail["type"].startswith("union_tag_"):
        location.append(detail["ctx"]["discriminator"].strip("'"))
    may_lack_last = detail["type"] in ("missing", "union_tag_not_found")
    return Violation(detail["type"], _message(detail), "error", _pointer_into(payload, location, may_lack_last))


def _pointer_into(payload: Any, location: Sequence[Part], may_lack_last: bool) -> str:
    """Pydantic puts union tags into locations; only what exists in the payload (or is missing at its end) stays."""
    parts: list[Part] = []
    node = payload
    for index, part in enumerate(location):
        is_last = index == len(location) - 1
        if isinstance(node, dict) and part == node.get("type") and isinstance(location[index - 1], int):
            continue
        if _has(node, part):
            node = node[part]
        elif not (is_last and may_lack_last and isinstance(node, dict)):
            continue
        parts.append(part)
    return pointer(*parts)


def _has(node: Any, part: Part) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _message(detail: ErrorDetails) -> str:
    message = detail["msg"]
    context = detail.get("ctx") or {}
    value = detail.get("input")
    if detail["type"] == "enum":
        message += nearest(value, _quoted(context.get("expected", "")))
    elif detail["type"] == "union_tag_invalid":
        message += nearest(context.get("tag"), _quoted(context.get("expected_tags", "")))
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and len(str(value)) <= 60:
        message += f" (received {value!r})"
    return message


def _quoted(listing: str) -> list[str]:
    return listing.split("'")[1::2]


def nearest(value: Any, accepted: Sequence[str]) -> str:
    """`; did you mean 'sepia'?` where a value is nearly one of those that are accepted."""
    matches = get_close_matches(value, accepted, n=1) if isinstance(value, str) else []
    return f"; did you mean {matches[0]!r}?" if matches else ""
