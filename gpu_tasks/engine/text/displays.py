"""Designed text animations that have a course of their own: typing, waves, neon and glints."""

import math
from typing import Final

from gpu_tasks.engine.motions.base import Pose
from gpu_tasks.engine.motions.chance import share
from gpu_tasks.engine.motions.curves import smooth, swell
from gpu_tasks.engine.text.pieces import HIDDEN, Piece
from gpu_tasks.engine.text.scene import ENTRANCE_SHARE, Scene, preset, turns_of

_TYPED_PER_S: Final = 15.0
_BLINK_S, _BLINKS = 0.5, 3
_WAVE_S, _WAVE_LAG, _WAVE_EM, _LEAN_DEG = 1.8, 0.07, 0.13, 4.0
_FLICKERS_PER_S, _FLICKER_S, _UNLIT = 18, 1.3, 0.14
_SWEEP_S, _SWEEP_EVERY_S, _GLINT_EM, _DIMMED_BY = 1.1, 3.0, 1.4, 0.4


@preset("typewriter")
def typewriter(scene: Scene, time_s: float) -> list[Piece]:
    """Types at an even pace, faster where the text would not be done within its share of the duration."""
    spots = scene.spots("letter")
    if not spots:
        return []
    first, end = spots[0].start, spots[-1].end
    pace = max(_TYPED_PER_S, (end - first) / (ENTRANCE_SHARE * scene.duration_s))
    typed = first + int(time_s * pace + 1e-9)
    if typed < end:
        # A letter of several characters, or a word whose letters are joined, comes when all of it has been typed.
        following = next(spot for spot in spots if spot.end > typed)
        return [Piece(following.start, end, HIDDEN, caret=True)]
    blinks = (time_s - (end - first) / pace) / _BLINK_S
    return [Piece(end, end, caret=True)] if blinks < 2 * _BLINKS and int(blinks) % 2 == 0 else []


@preset("wave")
def wave(scene: Scene, time_s: float) -> list[Piece]:
    strength = smooth(time_s, 0, 0.8)
    return [
        Piece(turn.spot.start, turn.spot.end, _riding(time_s / _WAVE_S - _WAVE_LAG * turn.index, strength, turn.em))
        for turn in turns_of(scene, "letter")
    ]


def _riding(rounds: float, strength: float, em: float) -> Pose:
    """Up and down, leaning with the slope."""
    angle = 2 * math.pi * rounds
    return Pose(y_px=-_WAVE_EM * em * strength * math.sin(angle), turn_deg=_LEAN_DEG * strength * math.cos(angle))


@preset("neon_flicker")
def neon_flicker(scene: Scene, time_s: float) -> list[Piece]:
    lasts_s = min(_FLICKER_S, scene.duration_s * ENTRANCE_SHARE)
    progress = time_s / lasts_s
    flicker = int(progress * _FLICKERS_PER_S * _FLICKER_S)
    return [
        _tube(turn.spot.start, turn.spot.end, _is_lit(progress, flicker, turn.seed))
        for turn in turns_of(scene, "letter")
    ]


def _is_lit(progress: float, flicker: int, seed: int) -> bool:
    """Off at first, then on and off, ever more often on."""
    catches_at = 0.1 + 0.5 * share(seed, 0)
    return progress >= 1 or (progress > catches_at and share(seed, 1 + flicker) < 0.35 + 0.65 * progress)


def _tube(start: int, end: int, lit: bool) -> Piece:
    return Piece(start, end, glow=1.0) if lit else Piece(start, end, Pose(opacity=_UNLIT))


@preset("shine_sweep")
def shine_sweep(scene: Scene, time_s: float) -> list[Piece]:
    shown = smooth(time_s, 0, min(0.5, scene.duration_s * ENTRANCE_SHARE))
    sweep = (time_s % _SWEEP_EVERY_S) / _SWEEP_S
    if sweep >= 1:
        return []
    dimmed = _DIMMED_BY * swell(sweep)
    return [
        Piece(turn.spot.start, turn.spot.end, _glinting(_nearness(turn.spot.centre[0], scene, sweep), shown, dimmed))
        for turn in turns_of(scene, "letter")
    ]


def _nearness(x: float, scene: Scene, sweep: float) -> float:
    """How near the glint is to a place, 0 to 1; it runs from the left end of the longest line past its right end."""
    lines = [line.bounds for line in scene.spots("line")]
    reach = _GLINT_EM * scene.size_px
    left, right = min(line[0] for line in lines) - reach, max(line[2] for line in lines) + reach
    return swell(x, left + (right - left) * sweep - reach, left + (right - left) * sweep + reach)


def _glinting(near: float, shown: float, dimmed: float) -> Pose:
    """White letters cannot shine whiter, so the others are dimmed a little meanwhile."""
    opacity = shown * (1 - dimmed * (1 - near))
    return Pose(scale_x=1 + 0.04 * near, scale_y=1 + 0.04 * near, opacity=opacity, shine=near)
