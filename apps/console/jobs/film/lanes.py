"""Which lane of the picture an element gets."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import groupby
from typing import Final

from apps.console.jobs.film.spans import Span, as_clip

MOST_LANES: Final = 6
SLACK_S: Final = Fraction(1, 1000)
"""An overlap that nobody sees: programs add times up, and are off by a hair."""


class Lane:
    """Stretches of time that do not overlap."""

    def __init__(self) -> None:
        self._starts: list[Fraction] = []
        self._stops: list[Fraction] = []

    def has_room(self, span: Span) -> bool:
        at = bisect_right(self._starts, span.start_s)
        ends_before = at == 0 or self._stops[at - 1] <= span.start_s + SLACK_S
        return ends_before and (at == len(self._starts) or span.stop_s <= self._starts[at] + SLACK_S)

    def add(self, span: Span) -> None:
        at = bisect_right(self._starts, span.start_s)
        self._starts.insert(at, span.start_s)
        self._stops.insert(at, span.stop_s)


def stacked(visuals: Iterable[Span]) -> dict[int, int]:
    """The lane of each visual by its index, 0 at the top: whatever overlaps in time lies as the engine stacks it.

    Every `z_index` has lanes of its own, as few as possible: each element goes directly below the lowest of those in
    them that cover it. Where that would take more than MOST_LANES, as the stairs of a long slide show would, the
    elements of that `z_index` are only packed.
    """
    places: dict[int, int] = {}
    top_first = sorted(visuals, key=lambda each: as_clip(each).stacking, reverse=True)
    above = 0
    for _, level in groupby(top_first, key=lambda each: as_clip(each).stacking[0]):
        spans = list(level)
        own = _sunk(spans)
        if lane_count(own) > MOST_LANES:
            own = packed(spans)
        places |= {index: above + lane for index, lane in own.items()}
        above += lane_count(own)
    return places


def lane_count(places: Mapping[int, int]) -> int:
    return max(places.values(), default=-1) + 1


def _sunk(top_first: Iterable[Span]) -> dict[int, int]:
    """Each element below all that cover it."""
    lanes: list[Lane] = []
    places: dict[int, int] = {}
    for span in top_first:
        place = len(lanes)
        while place > 0 and lanes[place - 1].has_room(span):
            place -= 1
        if place == len(lanes):
            lanes.append(Lane())
        lanes[place].add(span)
        places[span.index] = place
    return places


def packed(spans: Iterable[Span]) -> dict[int, int]:
    """The lane of each element by its index: the first that has room, in the order in which they begin."""
    lanes: list[Lane] = []
    places: dict[int, int] = {}
    for span in sorted(spans, key=lambda each: (each.start_s, each.index)):
        place = next((number for number, lane in enumerate(lanes) if lane.has_room(span)), len(lanes))
        if place == len(lanes):
            lanes.append(Lane())
        lanes[place].add(span)
        places[span.index] = place
    return places
