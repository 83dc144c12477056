"""Gentle drifting in and out, a little differently for each glyph."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.chance import either_way
from gpu_tasks.engine.motions.curves import smooth
from gpu_tasks.engine.motions.reach import arriving, departing, near_px


def _drifted(away: float, opacity: float, stage: Stage) -> Pose:
    """`away` runs from −1 (before, lower left) over 0 (at rest) to 1 (after, upper right)."""
    way_px = away * near_px(stage, 0.6, 0.16)
    lean = either_way(stage.seed, 0)
    return Pose(
        x_px=(0.8 + 0.2 * lean) * way_px,
        y_px=-(0.45 + 0.25 * either_way(stage.seed, 1)) * way_px,
        turn_deg=away * lean * (9 if stage.is_glyph else 2),
        opacity=opacity,
        blur_px=abs(away) * near_px(stage, 0.07, 0.015),
    )


@motion("drift_in", "Drifts gently into place from the lower left while it fades in.")
@arriving
def drift_in(presence: float, stage: Stage) -> Pose:
    return _drifted(-((1 - presence) ** 2), smooth(presence, 0, 0.8), stage)


@motion("drift_out", "Drifts gently on to the upper right while it fades out.")
@departing
def drift_out(absence: float, stage: Stage) -> Pose:
    return _drifted(absence * absence, 1 - smooth(absence, 0.2, 1), stage)
