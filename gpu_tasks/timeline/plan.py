"""The plan of a film in exact numbers: who is on screen when, what joins whom, what is heard.

Times are rational seconds, frames whole numbers: frame n shows time n / frame_rate.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.lint import Violation
from gpu_tasks.timeline.request import VideoElement, VisualElement
from gpu_tasks.timeline.sound import Sound
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.timeline.values import exact


@dataclass(frozen=True, slots=True)
class Canvas:
    """The film's frame: size in pixels, rate, number of frames, and the colour behind everything (RGBA, 0-255)."""

    width: int
    height: int
    frame_rate: int
    frame_count: int
    background: tuple[int, int, int, int]
    alpha: bool
    output_format: str
    first_frame: int = 0

    @property
    def size(self) -> tuple[int, int]:
        return (self.width, self.height)

    @property
    def duration_s(self) -> Fraction:
        return Fraction(self.frame_count, self.frame_rate)

    def frame_at(self, time_s: Fraction) -> int:
        """The first frame that shows `time_s` or later."""
        return max(0, math.ceil(time_s * self.frame_rate))


@dataclass(frozen=True, slots=True)
class Clip:
    """A visual element on the timeline.

    Shown over [start_s, stop_s); a video plays source second in_point + (t − element.time)·speed, and holds its frame
    from `hold_s` of the timeline on.
    """

    index: int
    element: VisualElement
    source: SourceInfo | None
    start_s: Fraction
    stop_s: Fraction
    hold_s: Fraction | None = None

    def source_time_s(self, time_s: Fraction) -> Fraction:
        """The source second shown at timeline second `time_s`; may lie before 0 or after the end (edge frames hold)."""
        assert isinstance(self.element, VideoElement)
        if self.hold_s is not None and time_s >= self.hold_s:
            # Just inside the trimmed end: the frame that was on screen last.
            time_s = self.hold_s - Fraction(1, 1_000_000)
        return exact(self.element.in_point) + (time_s - exact(self.element.time)) * exact(self.element.speed)

    @property
    def stacking(self) -> tuple[int, int]:
        """Sort key, bottom first; among equals the earlier element lies on top."""
        default = catalogue()["stacking"]["default_z_index"][self.element.type]
        z_index = self.element.z_index
        return (default if z_index is None else z_index, -self.index)


@dataclass(frozen=True, slots=True)
class Join:
    """A transition over [start_s, stop_s) between clips, by their positions in `Plan.clips`; None = transparent."""

    type: str
    start_s: Fraction
    stop_s: Fraction
    outgoing: int | None
    incoming: int | None
    z_index: int | None = None

    def progress(self, time_s: Fraction) -> float:
        """0 at the start, 1 at the end, linear in time."""
        return float(min(max((time_s - self.start_s) / (self.stop_s - self.start_s), Fraction(0)), Fraction(1)))


@dataclass(frozen=True, slots=True)
class Span:
    """Frames [first, stop) over which the same clips (positions in `Plan.clips`) and joins are active, bottom first."""

    first: int
    stop: int
    items: tuple[int | Join, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that rendering needs to know, in exact numbers."""

    canvas: Canvas
    clips: tuple[Clip, ...]
    joins: tuple[Join, ...]
    spans: tuple[Span, ...]
    sounds: tuple[Sound, ...]
    warnings: tuple[Violation, ...] = ()
