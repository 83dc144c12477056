"""A picture ready to be placed: its pixels, and how they lie in the element's outline."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from gpu_tasks.engine.motions import MOTIONS
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.plan import Clip
from gpu_tasks.timeline.transforms import Affine

IDENTITY: Final = Affine()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """`to_outline` maps surface pixels to pixels of the element's outline (its placement's width × height).

    Equal keys mean equal pixels. `exclusive`: nobody else will read this surface, so its memory may be painted on.
    `earlier` are the pictures of the frames before, the latest first, where an effect looks back at them.
    """

    key: Hashable
    surface: Surface
    to_outline: Affine = IDENTITY
    exclusive: bool = False
    earlier: tuple["Picture", ...] = ()


def raster_scale(clip: Clip) -> float:
    """How much larger than its outline a clip is rastered, so that zooming into it stays sharp."""
    return max((MOTIONS[motion.type].deepest_zoom for motion in clip.element.motion), default=1.0)
