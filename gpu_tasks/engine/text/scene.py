"""What a designed text animation knows about the text it moves, and the registry of such animations."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Final

from gpu_tasks.engine.motions.base import REST, Pose
from gpu_tasks.engine.text.pieces import HIDDEN, Piece

if TYPE_CHECKING:
    from gpu_tasks.engine.text.renderer import TextLayout
    from gpu_tasks.engine.text.spots import Spot, Unit

ENTRANCE_SHARE: Final = 0.6
"""The share of its element's duration that an entrance may take at most."""
_LONGEST_TURN_SHARE: Final = 0.5


@dataclass(frozen=True, eq=False)
class Scene:
    """A laid-out text, its duration in seconds, its font size and a seed of its own."""

    layout: "TextLayout"
    duration_s: float
    size_px: float
    seed: int

    def spots(self, unit: "Unit") -> "Sequence[Spot]":
        return self.layout.spots(unit)

    def line_of(self, spot: "Spot") -> "Spot":
        """The line in which a spot lies."""
        lines = self.layout.spots("line")
        return lines[max(bisect_right(lines, spot.start, key=lambda line: line.start) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Turn:
    """One letter, word or line whose turn it is, the `index`-th of `count`. `em` is the font size in pixels."""

    spot: "Spot"
    line: "Spot"
    index: int
    count: int
    em: float
    seed: int


Preset = Callable[[Scene, float], list[Piece]]
"""(scene, seconds since the element began) → pieces; none when the text is plain."""
Arrival = Callable[[float, Turn], Pose]
"""(progress of one's own turn, 0 < x < 1) → pose; hidden before, at rest after."""

DRAWN_PRESETS: Final[dict[str, Preset]] = {}


def preset(name: str) -> Callable[[Preset], Preset]:
    """Register the look of an animation preset."""

    def register(function: Preset) -> Preset:
        DRAWN_PRESETS[name] = function
        return function

    return register


def entrance(name: str, unit: "Unit", step_s: float, turn_s: float) -> Callable[[Arrival], Arrival]:
    """Register a preset whose units arrive one after the other, `step_s` apart, each within `turn_s`.

    Both shrink where the whole would take more than its share of the element's duration.
    """

    def register(arrival: Arrival) -> Arrival:
        @preset(name)
        @wraps(arrival)
        def arriving(scene: Scene, time_s: float) -> list[Piece]:
            return _arriving(scene, time_s, unit, (step_s, turn_s), arrival)

        return arrival

    return register


def _arriving(scene: Scene, time_s: float, unit: "Unit", pace: tuple[float, float], arrival: Arrival) -> list[Piece]:
    turns = turns_of(scene, unit)
    step_s, turn_s = fitted(pace, len(turns), scene.duration_s * ENTRANCE_SHARE)
    if time_s >= step_s * (len(turns) - 1) + turn_s:
        return []
    return [_arrived(turn, (time_s - step_s * turn.index) / turn_s, arrival) for turn in turns]


def _arrived(turn: Turn, progress: float, arrival: Arrival) -> Piece:
    pose = HIDDEN if progress <= 0 else REST if progress >= 1 else arrival(progress, turn)
    return Piece(turn.spot.start, turn.spot.end, pose)


def fitted(pace: tuple[float, float], count: int, most_s: float) -> tuple[float, float]:
    """Step and turn that let `count` units arrive within `most_s` seconds."""
    step_s, turn_s = pace
    if step_s * (count - 1) + turn_s <= most_s:
        return pace
    turn_s = min(turn_s, most_s if count < 2 else most_s * _LONGEST_TURN_SHARE)
    return (most_s - turn_s) / max(count - 1, 1), turn_s


@lru_cache(maxsize=32)
def turns_of(scene: Scene, unit: "Unit") -> tuple[Turn, ...]:
    """All units of a scene in reading order."""
    spots = scene.spots(unit)
    return tuple(
        Turn(spot, scene.line_of(spot), index, len(spots), scene.size_px, scene.seed + index)
        for index, spot in enumerate(spots)
    )
