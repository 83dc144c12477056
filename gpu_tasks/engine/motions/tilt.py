"""Entrances that turn in depth."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import smooth, spring
from gpu_tasks.engine.motions.reach import arriving


@motion("tilt_zoom", "Comes up from afar, lying back, and stands up as it arrives.")
@arriving
def tilt_zoom(presence: float, stage: Stage) -> Pose:
    # The tilt lasts longer than the growth, so that it is seen at full size too.
    scale = 0.45 + 0.55 * smooth(presence, 0, 0.75)
    tilt = 1 - spring(presence, 0.72, 1.6)
    return Pose(
        scale_x=scale, scale_y=scale, tilt_x_deg=62 * tilt, tilt_y_deg=-16 * tilt, opacity=smooth(presence, 0, 0.3)
    )
