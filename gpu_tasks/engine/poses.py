"""Poses as maps of the canvas."""

from gpu_tasks.engine.motions.base import Pose
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.transforms import Affine, Projective, rotation, scaling, tilting, translation

SMALLEST_SCALE = 1e-4


def is_invisible(pose: Pose) -> bool:
    """Whether nothing of the element is left to draw, its opacity aside."""
    left, top, right, bottom = pose.shown
    return min(abs(pose.scale_x), abs(pose.scale_y)) < SMALLEST_SCALE or left >= right or top >= bottom


def posed(place: Placement, pose: Pose) -> Affine:
    """Outline to canvas: scaled and turned about the picture's centre, then (unless tilted) moved."""
    matrix = place.matrix
    if (pose.scale_x, pose.scale_y) != (1, 1):
        # The element's own axes, not the canvas's: a turned picture grows along its sides.
        about = (place.width / 2, place.height / 2)
        matrix = scaling(pose.scale_x, pose.scale_y, about).then(matrix)
    if pose.turn_deg:
        matrix = matrix.then(rotation(pose.turn_deg, place.center))
    if (pose.x_px or pose.y_px) and not _is_tilted(place, pose):
        matrix = matrix.then(translation(pose.x_px, pose.y_px))
    return matrix


def posed_tilt(place: Placement, pose: Pose, canvas_width: int) -> Projective | None:
    """What follows the affine map in perspective: the element's own tilt, the pose's, and its movement."""
    if not _is_tilted(place, pose):
        return None
    map_ = place.tilt or Projective.of(Affine())
    if pose.tilt_x_deg or pose.tilt_y_deg:
        map_ = map_.then(tilting(pose.tilt_x_deg, pose.tilt_y_deg, place.center, canvas_width))
    return map_.then(Projective.of(translation(pose.x_px, pose.y_px)))


def _is_tilted(place: Placement, pose: Pose) -> bool:
    return place.tilt is not None or bool(pose.tilt_x_deg % 360 or pose.tilt_y_deg % 360)
