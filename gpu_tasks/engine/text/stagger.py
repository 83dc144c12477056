"""One motion over many letters: when the turn of each letter comes, and the pose it then has."""

import zlib
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Final

from gpu_tasks.engine.motions.base import Pose, Stage, pose_after, progress_of
from gpu_tasks.timeline.request import Motion

_STEP: Final = 0.15
"""Share of a letter's own time after which the next letter begins, in a short text."""
_SHORTEST_TURN: Final = 0.3
"""Share of the whole time that a letter of a long text still has."""
_SCATTERED: Final = {"explode": 0.7, "evaporate": 1.0}
"""Motions that take the letters in a random order, and the share of the whole time that each of them has.

Evaporation gives every letter a time of its own within that.
"""


def turn_share(count: int) -> float:
    """The share of the whole time that one of `count` letters moves."""
    return max(_SHORTEST_TURN, 1 / (1 + _STEP * (count - 1)))


def own_progress(progress: float, index: int, count: int, share: float) -> float:
    """The progress of one letter. The first begins at 0 and the last is done at 1, evenly spread."""
    if progress <= 0 or progress >= 1 or count < 2:
        return progress
    return (progress - (1 - share) * index / (count - 1)) / share


@lru_cache(maxsize=64)
def _scattered(name: str, seed: int, count: int) -> tuple[int, ...]:
    """For every letter its place in a random order."""
    order = sorted(range(count), key=lambda index: zlib.crc32(f"{name}/{seed}/{index}".encode()))
    places = [0] * count
    for place, index in enumerate(order):
        places[index] = place
    return tuple(places)


def poses_at(motion: Motion, time_s: Fraction, stages: Sequence[Stage], seed: int) -> list[Pose] | None:
    """The pose of every letter in canvas pixels; None when all of them are at rest.

    Letters of a loop share its phase: its look sees to it that they follow one another and rest together.
    """
    progress = progress_of(motion, time_s)
    if motion.is_loop:
        return [pose_after(motion, float(progress), stage) for stage in stages] if 0 < progress < 1 else None
    if (progress <= 0) if motion.is_exit else (progress >= 1):
        return None
    return [
        pose_after(motion, own, stage)
        for own, stage in zip(_own_progresses(motion, float(progress), len(stages), seed), stages, strict=True)
    ]


def _own_progresses(motion: Motion, progress: float, count: int, seed: int) -> list[float]:
    share = _SCATTERED.get(motion.type)
    if share is None:
        return [own_progress(progress, index, count, turn_share(count)) for index in range(count)]
    return [own_progress(progress, turn, count, share) for turn in _scattered(motion.type, seed, count)]
