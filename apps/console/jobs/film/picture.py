"""The timeline of a film as a picture: bars on lanes, an axis, and transitions. Pure geometry; a template draws it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Final

from apps.console.jobs.film.labels import label_of
from apps.console.jobs.film.lanes import lane_count, packed, stacked
from apps.console.jobs.film.spans import Film, Span
from apps.console.jobs.film.ticks import Tick, ticks_of

AXIS_PX: Final = 28
BAR_PX: Final = 26
LANE_PX: Final = 32
SOUNDS_GAP_PX: Final = 10
USUAL_PX: Final = 900
"""How wide the picture is assumed to be where it fills the page."""
WIDEST_PX: Final = 6000
_LEGIBLE_PX: Final = 40
_LABELLED_PX: Final = 30
"""In less than that not even a short word can be read."""
_LEAST_PERCENT: Final = 0.08


@dataclass(frozen=True, slots=True)
class Bar:
    """An element of the type `kind`. `x` and `width` are percentages of the picture, `y` is in pixels.

    `label` is "" where there is no room for one.
    """

    kind: str
    label: str
    note: str
    x: str
    width: str
    y: int
    is_open: bool
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Slope:
    """One side of a transition, drawn as a triangle: `falling` where an element goes, else where it comes."""

    note: str
    x: str
    width: str
    y: int
    falling: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """`width_px` is None where the picture fills the page, a number where it is scrolled."""

    bars: list[Bar]
    slopes: list[Slope]
    ticks: list[Tick]
    width_px: int | None
    height_px: int
    sounds_y: int | None
    duration_s: float


def draw(film: Film) -> Picture:
    """Every element of a film in its place."""
    width_px = _width_px(film)
    lanes = stacked(film.visuals)
    lanes_px = _lanes_px(lanes)
    sounds = packed(film.sounds)
    sounds_y = AXIS_PX + lanes_px + (SOUNDS_GAP_PX if lanes else 0)
    places = {index: AXIS_PX + lane * LANE_PX for index, lane in lanes.items()}
    places |= {index: sounds_y + lane * LANE_PX for index, lane in sounds.items()}
    return Picture(
        bars=[_bar(span, film, places[span.index], width_px or USUAL_PX) for span in (*film.visuals, *film.sounds)],
        slopes=list(_slopes(film, places)),
        ticks=ticks_of(float(film.duration_s), width_px or USUAL_PX),
        width_px=width_px,
        height_px=sounds_y + _lanes_px(sounds) if sounds else AXIS_PX + lanes_px,
        sounds_y=sounds_y - SOUNDS_GAP_PX // 2 if lanes and sounds else None,
        duration_s=float(film.duration_s),
    )


def _lanes_px(lanes: dict[int, int]) -> int:
    return lane_count(lanes) * LANE_PX


def _width_px(film: Film) -> int | None:
    """So wide that half of the elements can be told by their labels, up to WIDEST_PX."""
    lengths = [float((span.stop_s - span.start_s) / film.duration_s) for span in (*film.visuals, *film.sounds)]
    wanted_px = _LEGIBLE_PX / max(median(lengths), 1e-6) if lengths else 0
    return None if wanted_px <= USUAL_PX else min(WIDEST_PX, round(wanted_px))


def _bar(span: Span, film: Film, y: int, picture_px: int) -> Bar:
    element = span.element
    width = max(_percent(span.stop_s - span.start_s, film), _LEAST_PERCENT)
    return Bar(
        kind=element.type,
        label=label_of(element) if width * picture_px / 100 >= _LABELLED_PX else "",
        note=_note(span),
        x=f"{_percent(span.start_s, film):.4f}",
        width=f"{width:.4f}",
        y=y,
        is_open=span.is_open,
        is_cut=span.is_cut,
    )


def _note(span: Span) -> str:
    """What the pointer tells of an element."""
    start_s, stop_s = float(span.start_s), float(span.stop_s)
    name = f"{span.element.type.capitalize()} {label_of(span.element)}"
    if span.is_open:
        return f"{name}: from {start_s:g} s to the end of its source"
    cut = ", cut by the end of the film" if span.is_cut else ""
    return f"{name}: {start_s:g} s to {stop_s:g} s ({stop_s - start_s:g} s){cut}"


def _slopes(film: Film, places: dict[int, int]) -> Iterator[Slope]:
    for join in film.joins:
        start_s, stop_s = max(join.start_s, Fraction(0)), min(join.stop_s, film.duration_s)
        note = f"{join.type.replace('_', ' ')}: {float(join.start_s):g} s to {float(join.stop_s):g} s"
        x, width = f"{_percent(start_s, film):.4f}", f"{max(_percent(stop_s - start_s, film), _LEAST_PERCENT):.4f}"
        for position, falling in ((join.outgoing, True), (join.incoming, False)):
            if position is not None:
                yield Slope(note, x, width, places[film.visuals[position].index], falling)


def _percent(seconds: Fraction, film: Film) -> float:
    return float(100 * seconds / film.duration_s)
