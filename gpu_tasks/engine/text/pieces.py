"""Parts of a text that are drawn in their own way. Pure values: equal pieces mean equal pixels."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from gpu_tasks.engine.motions.base import REST, Pose

Color = tuple[int, int, int, int]
"""Red, green, blue and alpha, 0-255, not premultiplied."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters text[start:end] of a layout, posed about their own centre.

    Lengths of `pose` are pixels of the text's box at scale 1; a tilt is seen in perspective from six font sizes away.
    `color` replaces the fill, or the outline of hollow letters. `glow` (0-1) is a soft halo in the piece's colour.
    `plate` is a rounded box behind it, which moves along. `caret`: an upright bar stands where text[start] begins;
    an empty piece holds one behind the last character.
    """

    start: int
    end: int
    pose: Pose = REST
    color: Color | None = None
    glow: float = 0.0
    plate: Color | None = None
    caret: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it looks as the text does anyway."""
        return self.pose == REST and self.color is None and not (self.glow or self.plate or self.caret)

    @property
    def is_hidden(self) -> bool:
        """Whether there is nothing of its letters to see."""
        return not is_visible(self.pose)


HIDDEN: Final = Pose(opacity=0.0)
_LEAST_OPACITY = 1 / 510
_LEAST_SCALE = 1e-3


def is_visible(pose: Pose) -> bool:
    left, top, right, bottom = pose.shown
    least = min(abs(pose.scale_x), abs(pose.scale_y)) * abs(pose.zoom)
    return pose.opacity >= _LEAST_OPACITY and least >= _LEAST_SCALE and left < right and top < bottom


def settled(pieces: Iterable[Piece]) -> tuple[Piece, ...] | None:
    """Pieces in one canonical form, so that equal pictures are equal values; None when all of them are plain.

    What cannot be seen forgets how it is posed, and hidden neighbours are one piece.
    """
    found: list[Piece] = []
    for piece in pieces:
        if piece.is_hidden:
            _hide(found, piece)
        else:
            found.append(piece)
    return None if all(piece.is_plain for piece in found) else tuple(found)


def _hide(found: list[Piece], piece: Piece) -> None:
    hidden = Piece(piece.start, piece.end, HIDDEN, caret=piece.caret)
    last = found[-1] if found else None
    if last and last.pose == HIDDEN and last.end == hidden.start and not hidden.caret:
        found[-1] = replace(last, end=hidden.end)
    else:
        found.append(hidden)


def part_of(whole: Pose, about: Point, centre: Point) -> Pose:
    """The pose of a part around `centre` that moves as if it belonged to a whole posed about the point `about`.

    Perspective is left out: a tilted whole only becomes narrower or lower.
    """
    across = whole.scale_x * whole.zoom * math.cos(math.radians(whole.tilt_y_deg))
    down = whole.scale_y * whole.zoom * math.cos(math.radians(whole.tilt_x_deg))
    x, y = (centre[0] - about[0]) * across, (centre[1] - about[1]) * down
    cos, sin = math.cos(math.radians(whole.turn_deg)), math.sin(math.radians(whole.turn_deg))
    shift_x, shift_y = x * cos - y * sin - centre[0] + about[0], x * sin + y * cos - centre[1] + about[1]
    return replace(whole, x_px=whole.x_px + shift_x, y_px=whole.y_px + shift_y)
