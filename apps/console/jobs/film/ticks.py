"""The time axis: where it has ticks, and what stands there."""

from dataclasses import dataclass
from typing import Final

_STEPS_S: Final = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5),
    *(1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200),
)
_ROOM_PX: Final = 84
"""What the longest text takes, with some air."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the axis; `percent` is of its width. Beside the last one, at its end, there is no room for the text."""

    percent: str
    text: str
    is_last: bool


def ticks_of(duration_s: float, width_px: float) -> list[Tick]:
    """The ticks of an axis over `duration_s` (above 0) that is `width_px` wide, the first at 0."""
    least_s = duration_s * _ROOM_PX / width_px
    step_s = next((step for step in _STEPS_S if step >= least_s), 86_400)
    count = int(duration_s / step_s + 1e-9)
    return [
        Tick(f"{share:.4f}", clock_text(number * step_s, step_s), share * width_px / 100 > width_px - _ROOM_PX / 2)
        for number in range(count + 1)
        for share in [100 * number * step_s / duration_s]
    ]


def clock_text(at_s: float, step_s: float = 1) -> str:
    """A moment of a film: `0.04 s`, `12 s`, `1:05`, `2:10:00`; as many decimals as a step of `step_s` needs."""
    if at_s < 60:
        decimals = 3 if step_s < 0.01 else 2 if step_s < 0.1 else 1 if step_s < 1 else 0
        return f"{at_s:.{decimals}f} s"
    minutes, seconds = divmod(at_s, 60)
    hours, minutes = divmod(int(minutes), 60)
    rest = f"{seconds:04.1f}" if step_s < 1 else f"{int(seconds):02}"
    return f"{hours}:{minutes:02}:{rest}" if hours else f"{minutes}:{rest}"
