"""A picture ready to be placed: its pixels, and how they lie in the element's outline."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.geometry import Affine
from gpu_tasks.timeline.plan import Clip

IDENTITY: Final = Affine()
DEEPEST_ZOOM: Final = {"ken_burns_in": 1.2}


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """`to_outline` maps surface pixels to pixels of the element's outline (its placement's width × height).

    Equal keys mean equal pixels. `exclusive`: nobody else will read this surface, so its memory may be painted on.
    """

    key: Hashable
    surface: Surface
    to_outline: Affine = IDENTITY
    exclusive: bool = False


def raster_scale(clip: Clip) -> float:
    """How much larger than its outline a clip is rastered, so that zooming into it stays sharp."""
    return max((DEEPEST_ZOOM.get(motion.type, 1.0) for motion in clip.element.motion), default=1.0)
