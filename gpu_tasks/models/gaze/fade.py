"""How much of a correction is applied: less and less toward where it would not be believed, then nothing."""

from math import degrees
from typing import Final

from gpu_tasks.models.gaze.estimate import Gaze
from gpu_tasks.models.gaze.landmarks import Eye
from gpu_tasks.models.gaze.ramps import ramp

LARGEST_OFFSET: Final = 0.6
"""In D: beyond it (40° of gaze) eyes look elsewhere on purpose."""

_YAW_DEG: Final = (20.0, 30.0)
_OFFSET: Final = (LARGEST_OFFSET, 0.85)
_CONTRAST: Final = (0.08, 0.18)
_OPENNESS: Final = (0.15, 0.22)
_WIDTH_PX: Final = (24.0, 32.0)


def face_strength(gaze: Gaze, offset: float) -> float:
    """0 to 1 for both eyes of a face: 0 for a head turned away, a gaze too far off or irises that cannot be told."""
    turned = ramp(abs(degrees(gaze.head.yaw_rad)), *reversed(_YAW_DEG))
    return turned * ramp(abs(offset), *reversed(_OFFSET)) * ramp(gaze.contrast, *_CONTRAST)


def eye_strength(eye: Eye) -> float:
    """0 to 1 for one eye: 0 when closed or less than 24 pixels wide."""
    return ramp(eye.openness, *_OPENNESS) * ramp(eye.width_px, *_WIDTH_PX)


def is_readable(gaze: Gaze) -> bool:
    """Whether the offset may be believed: both eyes open, both irises seen."""
    return gaze.contrast > _CONTRAST[0] and all(eye.openness > _OPENNESS[0] for eye in gaze.eyes)
