"""Fast entrances and exits, stretched and blurred by their speed."""

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import smooth, spring, swell
from gpu_tasks.engine.motions.reach import arriving, departing, leaving_px, near_px

GLYPH_EM = 1.8


def _distance_px(stage: Stage) -> float:
    return GLYPH_EM * stage.size_px if stage.is_glyph else leaving_px((0, 1), stage)


def _whipped(away: float, lift_px: float, opacity: float, stage: Stage) -> Pose:
    """The pose `away` (0 to 1) of the way below, stretched the more the farther."""
    return Pose(
        y_px=away * _distance_px(stage) - lift_px,
        scale_x=1 - 0.25 * away,
        scale_y=1 + 0.6 * away,
        opacity=opacity,
        blur_px=away * near_px(stage, 0.12, 0.03),
    )


@motion("whip_up", "Whips up from below, stretched by its speed, and recoils a little.")
@arriving
def whip_up(presence: float, stage: Stage) -> Pose:
    way = spring(presence, 0.62, 2.6)
    recoil_px = max(0.0, way - 1) * _distance_px(stage)
    return _whipped(max(0.0, 1 - way), recoil_px, smooth(presence, 0, 0.22), stage)


@motion("whip_down", "Draws breath upwards and whips away below, stretched by its speed.")
@departing
def whip_down(absence: float, stage: Stage) -> Pose:
    away = (max(0.0, absence - 0.22) / 0.66) ** 2.5
    return _whipped(away, swell(absence, 0, 0.6) * near_px(stage, 0.16, 0.06), 1 - smooth(absence, 0.6, 0.92), stage)
