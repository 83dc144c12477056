"""A bar chart as the numbers that its SVG is drawn from: no script, no library."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH, HEIGHT = 900, 240
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 12, 28
_STEPS = (1, 2, 2.5, 5, 10)
_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar in the units of the picture, its label, and what it says when it is pointed at."""

    x: float
    y: float
    width: float
    height: float
    hint: str
    label: str = ""

    @property
    def middle(self) -> float:
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid at the height `y`, and its number."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    lines: list[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def bar_chart(values: Sequence[float], hints: Sequence[str], labels: Sequence[str]) -> Chart:
    """A chart of values from 0 on, with about seven of the labels below it. Raises ValueError for unequal lengths."""
    top = nice_top(max(values, default=0))
    pitch = (WIDTH - LEFT - RIGHT) / max(1, len(values))
    every = max(1, ceil(len(values) / 7))
    bars = [
        _bar(number, value / top, pitch, hint, label if number % every == 0 else "")
        for number, (value, hint, label) in enumerate(zip(values, hints, labels, strict=True))
    ]
    return Chart(bars, [_line(number / _LINES, top) for number in range(_LINES + 1)])


def nice_top(largest: float) -> float:
    """The end of an axis: the next of 1, 2, 2.5, 5 and 10 times a power of ten; 1 for nothing at all."""
    if largest <= 0:
        return 1.0
    power = 10.0 ** floor(log10(largest))
    return next(step * power for step in (*_STEPS, 20) if step * power >= largest)


def _bar(number: int, share: float, pitch: float, hint: str, label: str) -> Bar:
    height = round((HEIGHT - TOP - BOTTOM) * share, 2)
    gap = min(6.0, pitch * 0.25)
    x = round(LEFT + number * pitch + gap / 2, 2)
    return Bar(x, round(HEIGHT - BOTTOM - height, 2), round(pitch - gap, 2), height, hint, label)


def _line(share: float, top: float) -> Line:
    return Line(round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 2), f"{top * share:g}")
