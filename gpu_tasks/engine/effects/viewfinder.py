"""A camera's viewfinder: frame corners, centre mark, settings, battery, a blinking REC dot and a running timecode."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._osd import Ink, blurred, lettering, with_shadow
from gpu_tasks.engine.effects._overlay import lay, repainted, sprite_of
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Surface

MARGIN, ARM, STROKE = 40, 62, 3.0
LETTERS, DIGITS = 24, 30
OPACITY = 0.94
SHADOW, SHADOW_UNITS = 0.5, 3.0
RED: Final = (1.0, 0.16, 0.13)
WHITE: Final = (1.0, 1.0, 1.0)
BLINK_S = 1.0
_INSTANT_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Finder:
    """Sprites for pictures of one size. The dot and the timecode's characters are laid at (left, top)."""

    still: Surface
    dot: Surface
    dot_at: tuple[int, int]
    characters: dict[str, Surface]
    timecode_at: tuple[int, int]
    advance: int


@effect("viewfinder", "A camera's viewfinder: frame corners, centre mark, settings, battery, REC, a running timecode.",
        animated=True, straight=True)  # fmt: skip
def viewfinder(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    key = (picture.y.shape, picture.subsampling, moment.unit_px, amount, moment.frame_rate)
    finder = scratch.kept(key, lambda: _finder(picture, amount, moment))
    out = repainted(picture, moment)
    lay(k, out, finder.still)
    if (moment.time_s + _INSTANT_S) % BLINK_S < BLINK_S / 2:
        lay(k, out, finder.dot, *finder.dot_at)
    left, top = finder.timecode_at
    for index, character in enumerate(timecode(moment.time_s, moment.frame_rate)):
        lay(k, out, finder.characters[character], left + index * finder.advance, top)
    return out


def timecode(time_s: float, frame_rate: int) -> str:
    """HH:MM:SS:FF of a moment, frames counted from 0 in each second."""
    frames = round(time_s * frame_rate)
    seconds, frame = divmod(frames, frame_rate)
    digits = max(2, len(str(frame_rate - 1)))
    return f"{seconds // 3600 % 100:02}:{seconds // 60 % 60:02}:{seconds % 60:02}:{frame:0{digits}}"


def _finder(picture: Surface, amount: float, moment: Moment) -> _Finder:
    k, unit, opacity = moment.k, moment.unit_px, OPACITY * amount

    def sprite(rgba: NDArray[Any]) -> Surface:
        return sprite_of(k, rgba, picture.subsampling)

    ink = Ink(picture.width, picture.height)
    _marks(ink, unit)
    _settings(ink, unit, moment.frame_rate)
    digits = {character: lettering(character, DIGITS * unit) for character in "0123456789:"}
    advance = max(2, digits["0"].shape[1] // 2 * 2)
    left, top = _timecode_place(picture, moment, advance, digits["0"].shape[0])
    shadow = SHADOW * np.clip(1.6 * blurred(ink.coverage, SHADOW_UNITS * unit), 0, 1)
    plate = Ink(picture.width, picture.height)
    length = len(timecode(0, moment.frame_rate))
    side = 10 * unit
    plate.bar(
        (left - side, top - side / 3, left + length * advance + side, top + digits["0"].shape[0] + side / 3), 0.42
    )
    dot, dot_at = _dot(unit)
    return _Finder(
        still=sprite(with_shadow(ink.coverage, WHITE, np.maximum(shadow, plate.coverage), opacity)),
        dot=sprite(with_shadow(dot.coverage, RED, np.zeros_like(dot.coverage), opacity)),
        dot_at=dot_at,
        characters={
            character: sprite(with_shadow(mask, WHITE, np.zeros_like(mask), opacity))
            for character, mask in digits.items()
        },
        timecode_at=(left, top),
        advance=advance,
    )


def _marks(ink: Ink, unit: float) -> None:
    """The frame's corners, the focus area, and the cross in its centre."""
    height, width = ink.coverage.shape
    edge, stroke = MARGIN * unit, STROKE * unit
    ink.corners((edge, edge, width - edge, height - edge), ARM * unit, stroke)
    x, y = width / 2, height / 2
    ink.corners((x - 96 * unit, y - 64 * unit, x + 96 * unit, y + 64 * unit), 18 * unit, 2 * unit, 0.8)
    arm, gap, thin = 15 * unit, 4 * unit, unit
    for way in (-1, 1):
        reach = sorted((way * gap, way * arm))
        ink.bar((x + reach[0], y - thin, x + reach[1], y + thin))
        ink.bar((x - thin, y + reach[0], x + thin, y + reach[1]))


def _settings(ink: Ink, unit: float, frame_rate: int) -> None:
    """Lettering and the battery in the corners."""
    height, width = ink.coverage.shape
    inner = (MARGIN + 26) * unit
    rec, rate = lettering("REC", LETTERS * unit), lettering(f"HD {frame_rate}", LETTERS * unit)
    ink.stamp(rec, inner + 30 * unit, inner - rec.shape[0] / 2 + 6 * unit)
    battery_left, middle = width - inner - 52 * unit, inner + 6 * unit
    ink.stamp(rate, battery_left - rate.shape[1] - 22 * unit, middle - rate.shape[0] / 2)
    _battery(ink, battery_left, middle, unit)
    lens, film = lettering("F2.8 1/60", LETTERS * unit), lettering("ISO 400", LETTERS * unit)
    bottom = height - inner - lens.shape[0] / 2 - 6 * unit
    ink.stamp(lens, inner, bottom)
    ink.stamp(film, width - inner - film.shape[1], bottom)


def _battery(ink: Ink, left: float, middle: float, unit: float) -> None:
    """Three quarters full."""
    top, bottom = middle - 11 * unit, middle + 11 * unit
    ink.frame((left, top, left + 46 * unit, bottom), 2.4 * unit)
    ink.bar((left + 46 * unit, middle - 5 * unit, left + 51 * unit, middle + 5 * unit))
    for cell in range(3):
        start = left + (5 + 9.5 * cell) * unit
        ink.bar((start, top + 5 * unit, start + 7 * unit, bottom - 5 * unit))


def _timecode_place(picture: Surface, moment: Moment, advance: int, height: int) -> tuple[int, int]:
    """The upper left corner of the timecode, centred at the bottom, on even pixels."""
    length = len(timecode(0, moment.frame_rate))
    left = (picture.width - length * advance) / 2
    top = picture.height - (MARGIN + 32) * moment.unit_px - height / 2
    return round(left / 2) * 2, round(top / 2) * 2


def _dot(unit: float) -> tuple[Ink, tuple[int, int]]:
    """The REC dot, and where it lies."""
    x, y, radius = (MARGIN + 38) * unit, (MARGIN + 32) * unit, 9 * unit
    left, top = int((x - radius) / 2) * 2 - 2, int((y - radius) / 2) * 2 - 2
    side = int(2 * radius) + 6
    ink = Ink(side, side)
    ink.disc(x - left, y - top, radius)
    return ink, (left, top)
