"""What a video recorder writes over a tape: PLAY, the speed, a counter, the date, and the tape's own dropouts."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects._osd import Ink, blurred, with_shadow
from gpu_tasks.engine.effects._overlay import Reals, lay, repainted, smoothstep, sprite_of
from gpu_tasks.engine.effects._recorder_font import COLUMNS, GLYPHS, ROWS
from gpu_tasks.engine.effects._tone import codes
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.surface import Surface

DOT_UNITS: Final = (3.6, 4.6)
"""Width and height of a dot of the lettering."""
ADVANCE_DOTS, MARGIN_UNITS = COLUMNS + 1, 54
COLOUR: Final = (0.97, 0.98, 1.0)
OPACITY, SHADOW = 0.95, 0.75
DATE, CLOCK_START_S = "JUN.14 1991", 19 * 3600 + 42 * 60
NOISE_STEPS_PER_SECOND = 15
STREAK_SHAPES, MOST_STREAKS = 6, 5
BAND_UNITS = 30
_INSTANT_S = 1e-6


@dataclass(frozen=True, slots=True)
class _Display:
    """Sprites for pictures of one size. `characters` are laid `advance` apart."""

    still: Surface
    characters: dict[str, Surface]
    advance: int
    counter_at: tuple[int, int]
    clock_at: tuple[int, int]
    streaks: list[Surface]
    band: Surface


@effect("vhs_overlay", "A recorder's display over the picture: PLAY, SP, a counter and the date; a tape's dropouts.",
        animated=True, straight=True)  # fmt: skip
def vhs_overlay(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    k, scratch = moment.k, moment.scratch
    key = (picture.y.shape, picture.subsampling, moment.unit_px, amount)
    display = scratch.kept(key, lambda: _display(picture, amount, moment))
    out = repainted(picture, moment)
    _dropouts(out, display, moment)
    lay(k, out, display.still)
    for text, (left, top) in ((counter(moment.time_s), display.counter_at), (clock(moment.time_s), display.clock_at)):
        for index, character in enumerate(text):
            lay(k, out, display.characters[character], left + index * display.advance, top)
    return out


def counter(time_s: float) -> str:
    """H:MM:SS of the tape so far."""
    seconds = int(time_s + _INSTANT_S)
    return f"{seconds // 3600 % 10}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def clock(time_s: float) -> str:
    """The recorded time of day, which goes on with the tape: PM 7:42:00 at its beginning."""
    seconds = (CLOCK_START_S + int(time_s + _INSTANT_S)) % 86_400
    half, hour = divmod(seconds // 3600, 12)
    return f"{'AP'[half]}M {hour or 12:2}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _dropouts(out: Surface, display: _Display, moment: Moment) -> None:
    """White streaks where the tape has lost its coat, and noise along the lower edge; they stay for a few frames."""
    step = int((moment.time_s + _INSTANT_S) * NOISE_STEPS_PER_SECOND)
    random = moment.random("dropouts", step)
    for _ in range(int(random.integers(0, MOST_STREAKS + 1))):
        streak = display.streaks[int(random.integers(STREAK_SHAPES))]
        left, top = random.random() * 1.2 - 0.2, random.random()
        lay(moment.k, out, streak, int(left * out.width) // 2 * 2, int(top * out.height) // 2 * 2)
    shift = int(random.integers(out.width // 2 + 1)) * 2
    band = display.band.crop(shift, 0, shift + out.width, display.band.height)
    lay(moment.k, out, band, 0, (out.height - int(random.uniform(0.5, 1.0) * band.height)) // 2 * 2)


def _display(picture: Surface, amount: float, moment: Moment) -> _Display:
    unit, opacity, random = moment.unit_px, OPACITY * amount, moment.random("display", -1)

    def sprite(coverage: Reals) -> Surface:
        return sprite_of(moment.k, _lit(coverage, unit, opacity), picture.subsampling)

    def noise(light: NDArray[Any]) -> Surface:
        return sprite_of(moment.k, np.repeat(light[..., None], 4, axis=2) * amount, picture.subsampling)

    advance = max(2, round(ADVANCE_DOTS * DOT_UNITS[0] * unit / 2) * 2)
    edge, height = MARGIN_UNITS * unit, (ROWS + 1) * DOT_UNITS[1] * unit
    lower = picture.height - edge - height
    date_left = picture.width - edge - len(DATE) * advance
    ink = Ink(picture.width, picture.height)
    for text, left, top in (("PLAY >", edge, edge), ("SP", edge, lower), (DATE, date_left, lower)):
        _write(ink, text, _even(left), _even(top), advance, unit)
    characters = {}
    for character in "0123456789:APM ":
        cell = Ink(advance + 2 * max(1, round(unit)), max(2, round(height)))
        _write(cell, character, 0, 0, advance, unit)
        characters[character] = sprite(cell.coverage)
    return _Display(
        still=sprite(ink.coverage),
        characters=characters,
        advance=advance,
        counter_at=(_even(edge) + 3 * advance, _even(lower)),
        clock_at=(_even(picture.width - edge) - 11 * advance, _even(lower - 1.5 * height)),
        streaks=[noise(_streak(random, unit)) for _ in range(STREAK_SHAPES)],
        band=noise(_band(random, unit, picture.width)),
    )


def _even(length: float) -> int:
    return round(length / 2) * 2


def _write(ink: Ink, text: str, left: float, top: float, advance: int, unit: float) -> None:
    """Draw a line of dot lettering."""
    across, down = advance / ADVANCE_DOTS, DOT_UNITS[1] * unit
    for place, character in enumerate(text):
        for row, dots in enumerate(GLYPHS[character]):
            for column, dot in enumerate(dots):
                if dot == "#":
                    x, y = left + place * advance + column * across, top + row * down
                    ink.tile((x, y, x + across, y + down))


def _lit(coverage: Reals, unit: float, opacity: float) -> NDArray[Any]:
    """Lettering as a tube shows it: a little soft across, with a shadow to the lower right."""
    across, down = (round(dots * unit) for dots in DOT_UNITS)
    shadow = np.zeros_like(coverage)
    shadow[down:, across:] = coverage[: coverage.shape[0] - down, : coverage.shape[1] - across]
    return with_shadow(blurred(coverage, 0.7 * unit), COLOUR, SHADOW * blurred(shadow, 0.9 * unit), opacity)


def _streak(random: np.random.Generator, unit: float) -> NDArray[Any]:
    """A bright line that breaks off to the left and fades out to the right."""
    length, thickness = max(2, round(random.uniform(90, 420) * unit)), random.uniform(1.5, 3.2) * unit
    rows = Ink(1, max(2, round(thickness) + 2))
    rows.bar((0, 0.5, 1, 0.5 + thickness))
    along = np.linspace(0, 1, length)
    ragged = 0.55 + 0.45 * smoothstep(0.35, 0.65, np.interp(along * 24, np.arange(25), random.random(25)))
    return np.asarray(rows.coverage * (random.uniform(0.5, 0.9) * ragged * (1 - along) ** 0.7)[None, :])


def _band(random: np.random.Generator, unit: float, width: int) -> NDArray[Any]:
    """Short dashes of noise, denser downwards, wide enough to be shifted by a picture's width."""
    rows, line = max(1, round(BAND_UNITS / 2.5)), max(1, round(2.5 * unit))
    dashes = max(1, round(width / max(7 * unit, 1)))
    strength = np.linspace(0.02, 0.36, rows)[:, None]
    lit = (random.random((rows, dashes)) < strength) * random.uniform(0.25, 0.75, (rows, dashes))
    fine = np.repeat(np.repeat(lit, line, axis=0), -(-(2 * width + 4) // dashes), axis=1)
    return blurred(codes(255.0 * fine).astype(np.float32) / 255, 0.8 * unit)
