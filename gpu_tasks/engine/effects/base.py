"""What an effect is given and gives, and the registry of effects."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.registry import Registry
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.request import ChromaSettings

REFERENCE_LINES = 720
MAX_REACH_FRAMES = 32
"""No effect looks further back, whatever the frame rate: every frame of the reach is held in memory."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What an effect knows about the picture that it works on.

    `frame` counts the film's frames from 0, `time_s` the seconds since the element began; looks that move or flicker
    depend on them alone, so that any frame renders the same by itself. `unit_px` is 1/720 of the picture's shorter
    side: sizes in it look alike at every resolution. `earlier(n)` is this effect's input n frames ago, for effects
    registered with a reach; before the element's first frame it is that first frame.
    """

    k: Kernels
    scratch: Scratch
    frame: int
    time_s: float
    frame_rate: int
    element: str
    unit_px: float
    earlier: Callable[[int], Surface]
    chroma: ChromaSettings

    def random(self, salt: str, frame: int | None = None) -> np.random.Generator:
        """Random numbers that depend on the element, the salt and `frame` (None: this one; -1: the same in all)."""
        words = (zlib.crc32(self.element.encode()), zlib.crc32(salt.encode()), (self.frame if frame is None else frame))
        return np.random.default_rng([words[0], words[1], words[2] + 1])


EffectFunction = Callable[[Surface, float, Moment], Surface]
"""(picture, amount 0-1, moment) → picture of the same size. The input is never written to; the result is usually a
surface of `moment.scratch`. Without alpha in, none out, but for `chroma_key`."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An entry of the registry.

    `look` describes it to customers. `animated`: its picture changes from frame to frame even of a still.
    `straight`: with alpha, it is given (and gives) colours that are not premultiplied, as functions of single colours
    want them; effects that move or mix pixels take premultiplied ones. `reach_s`: how far `earlier` may look back.
    """

    name: str
    look: str
    apply: EffectFunction
    animated: bool = False
    straight: bool = False
    reach_s: float = 0.0

    def reach_frames(self, frame_rate: int) -> int:
        """How many earlier frames the effect may ask for."""
        return min(MAX_REACH_FRAMES, round(self.reach_s * frame_rate))


EFFECTS: Final[Registry[Effect]] = Registry("gpu_tasks.engine.effects")


def effect(
    name: str, look: str, *, animated: bool = False, straight: bool = False, reach_s: float = 0.0
) -> Callable[[EffectFunction], EffectFunction]:
    """Register an effect of the catalogue. At amount 0 it must return its input's pixels unchanged."""

    def register(function: EffectFunction) -> EffectFunction:
        EFFECTS.add(name, Effect(name, look, function, animated, straight, reach_s))
        return function

    return register
