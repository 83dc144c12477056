"""Turns validation failures into problems that name the place, the value and what would be accepted."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a request. `path` is a JSON pointer (RFC 6901)."""

    path: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def pointer(parts: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901) from its parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def problems_of(error: ValidationError, payload: Any) -> list[Problem]:
    """The failures of a Pydantic validation, with pointers into `payload` as the client sent it."""
    return [_problem(detail, payload) for detail in error.errors(include_url=False)]


def _problem(detail: ErrorDetails, payload: Any) -> Problem:
    location = list(detail["loc"])
    if detail["type"].startswith("union_tag_"):
        location.append(detail["ctx"]["discriminator"].strip("'"))
    may_lack_last = detail["type"] in ("missing", "union_tag_not_found")
    return Problem(_pointer_into(payload, location, may_lack_last), detail["type"], _message(detail))


def _pointer_into(payload: Any, location: Sequence[str | int], may_lack_last: bool) -> str:
    """Pydantic puts union tags into the location; only what exists in the payload (or is missing at its end) stays."""
    parts: list[str | int] = []
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
    return pointer(parts)


def _has(node: Any, part: str | int) -> bool:
    if isinstance(node, list):
        return isinstance(part, int) and part < len(node)
    return isinstance(node, dict) and part in node


def _message(detail: ErrorDetails) -> str:
    message = detail["msg"]
    context = detail.get("ctx") or {}
    value = detail.get("input")
    if detail["type"] == "enum":
        message += _nearest(value, _quoted(context.get("expected", "")))
    elif detail["type"] == "union_tag_invalid":
        message += _nearest(context.get("tag"), _quoted(context.get("expected_tags", "")))
    if isinstance(value, (int, float, str)) and not isinstance(value, bool) and len(str(value)) <= 60:
        message += f" (received {value!r})"
    return message


def _quoted(listing: str) -> list[str]:
    return listing.split("'")[1::2]


def _nearest(value: Any, accepted: list[str]) -> str:
    matches = get_close_matches(value, accepted, n=1) if isinstance(value, str) else []
    return f"; did you mean {matches[0]!r}?" if matches else ""
