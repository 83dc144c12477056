"""What a transition is given, and the registry of transitions."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.registry import Registry
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in canvas pixels."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a transition knows. `box` encloses both pictures: shapes travel across it, not across the canvas.

    `scratch` keeps its buffers and fields for the whole transition. `seed` is the transition's own.
    """

    k: Kernels
    scratch: Scratch
    box: Rect
    seed: int = 0

    @property
    def unit_px(self) -> float:
        """1/720 of the box's shorter side: sizes in it look alike at every resolution."""
        left, top, right, bottom = self.box
        return max(1, min(right - left, bottom - top)) / 720

    def random(self, salt: int = 0) -> np.random.Generator:
        """The same random numbers at every progress of this transition."""
        return np.random.default_rng([self.seed, salt])


TransitionFunction = Callable[[Surface, Surface, float, Surface, Crossing], None]
"""(outgoing, incoming, progress 0-1, out, crossing): write the joined picture into `out`.

All three are canvas-sized and of the same kind, premultiplied where they have alpha; outside their pictures both are
transparent. `out` is none of the inputs, which are never written to. At progress 0 it must be the outgoing picture,
pixel for pixel, at 1 the incoming one."""


@dataclass(frozen=True, slots=True)
class Transition:
    """An entry of the registry; `look` describes it to customers."""

    name: str
    look: str
    join: TransitionFunction


TRANSITIONS: Final[Registry[Transition]] = Registry("gpu_tasks.engine.transitions")


def transition(name: str, look: str) -> Callable[[TransitionFunction], TransitionFunction]:
    """Register the look of a transition of the catalogue."""

    def register(function: TransitionFunction) -> TransitionFunction:
        TRANSITIONS.add(name, Transition(name, look, function))
        return function

    return register
