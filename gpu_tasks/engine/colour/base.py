"""What a step of an element's colour is: the same shape as an effect, made for one element's values."""

from collections.abc import Callable
from dataclasses import dataclass

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Surface


@dataclass(frozen=True, slots=True)
class Stage:
    """One pass over a picture. `apply` never writes to its input; what it returns has the same size and kind.

    `animated`: its picture changes from frame to frame even of a still. `straight`: with alpha, it is given (and
    gives) colours that are not premultiplied.
    """

    name: str
    apply: Callable[[Surface, Moment], Surface]
    animated: bool = False
    straight: bool = False
