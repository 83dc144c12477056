"""The times of a film's frames as whole ticks of the file that is written."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

_MOST_TICKS_PER_S = 10_000_000
_FALLBACK_TICK_S = Fraction(1, 240_000)


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts `tick_s`. Where `frame_s` is set, times within `slack_s` of a multiple of it are meant to be that.

    Matroska counts milliseconds: its 30 frames a second come as 33, 67, 100 ms, and go out as thirtieths again.
    """

    tick_s: Fraction
    frame_s: Fraction | None = None
    slack_s: Fraction = Fraction(0)

    @classmethod
    def of(cls, tick_s: Fraction, frame_rate: Fraction | None) -> Self:
        """The grid that holds every time of a source that counts `tick_s` and shows about `frame_rate` a second."""
        if tick_s <= 0 or tick_s.denominator > _MOST_TICKS_PER_S:
            return cls(_FALLBACK_TICK_S)
        if not frame_rate or (1 / frame_rate / tick_s).denominator == 1:
            return cls(tick_s)
        common = math.lcm(tick_s.denominator, frame_rate.numerator)
        if common > _MOST_TICKS_PER_S:
            return cls(tick_s)
        return cls(Fraction(1, common), 1 / frame_rate, tick_s)

    def ticks(self, time_s: Fraction) -> int:
        """The tick of a time in seconds."""
        if self.frame_s is not None:
            meant_s = round(time_s / self.frame_s) * self.frame_s
            time_s = meant_s if abs(meant_s - time_s) <= self.slack_s else time_s
        return round(time_s / self.tick_s)
