"""The registry of transitions."""

from collections.abc import Callable
from typing import Final

from gpu_tasks.engine.surface import Surface

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom in canvas pixels."""

TransitionFunction = Callable[[Surface, Surface, float, Surface, Rect], None]
"""(outgoing, incoming, progress 0-1, out, box): write the joined picture into `out`; all three are canvas-sized and of
the same kind. `box` encloses both pictures: shapes such as wipes travel across it. `out` may be none of the inputs."""

TRANSITIONS: Final[dict[str, TransitionFunction]] = {}


def transition(name: str) -> Callable[[TransitionFunction], TransitionFunction]:
    """Register the look of a transition of the catalogue."""

    def register(function: TransitionFunction) -> TransitionFunction:
        TRANSITIONS[name] = function
        return function

    return register
