"""Seconds of the film, exact where they are added up."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Optional

from framelane.timeline.problems import InvalidTimeline

MAX_S = 86_400
_DECIMALS = 6
"""Of the seconds that the builder works out."""


def exact(seconds: float) -> Fraction:
    """The decimal number that is written, as an exact fraction of a second."""
    return Fraction(repr(float(seconds)))


def number(seconds: Fraction) -> float:
    """Seconds as they are written: whole where they are whole, else with at most six decimals."""
    rounded = round(seconds, _DECIMALS)
    return int(rounded) if rounded.denominator == 1 else float(rounded)


def end_s(element: Mapping[str, Any]) -> Optional[Fraction]:
    """When an element ends, in seconds of the film; None where only its source knows."""
    if element["type"] not in ("video", "audio"):
        return exact(element["time"]) + exact(element["duration"])
    if element.get("out_point") is None:
        return None
    played = exact(element["out_point"]) - exact(element.get("in_point") or 0)
    return exact(element["time"]) + played / exact(element.get("speed") or 1)


def time_s(name: str, value: Any) -> float:
    """A point in time. Raises InvalidTimeline unless it lies within 0 and a day."""
    if not _is_number(value) or not 0 <= value <= MAX_S:
        raise InvalidTimeline(f"{name} {value!r}: seconds from 0 to {MAX_S} are accepted")
    return float(value)


def positive_s(name: str, value: Any) -> float:
    """A length of time. Raises InvalidTimeline unless it is greater than 0 and at most a day."""
    if not _is_number(value) or not 0 < value <= MAX_S:
        raise InvalidTimeline(f"{name} {value!r}: seconds greater than 0, at most {MAX_S}, are accepted")
    return float(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
