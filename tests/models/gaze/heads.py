"""A made-up head that can be turned: eyeballs in it look wherever they are told."""

import numpy as np

from gpu_tasks.models.gaze.landmarks import EYES, POINT_COUNT, Points, Vector

DIAMETER_PX = 20.0
EYEBALL_PX = 0.85 * DIAMETER_PX
EYE_X_PX, EYE_DEPTH_PX = 55.0, -70.0
CENTRE = np.array([300.0, 250.0, 0.0])


def turn(yaw_deg: float, roll_deg: float = 0.0) -> Vector:
    """Rotation by the yaw (positive: to the right of the picture), then by the roll (clockwise as seen)."""
    yaw, roll = np.radians([yaw_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    about_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(about_z @ about_y)


def head(yaw_deg: float = 0.0, roll_deg: float = 0.0, openness: float = 0.35) -> Points:
    """The landmarks that the package reads, of a head without expression; irises look straight out of it."""
    points = np.zeros((POINT_COUNT, 3))
    for index, x in ((234, -140), (454, 140), (127, -130), (356, 130), (70, -60), (300, 60)):
        points[index] = x, 0, 0
    for sign, indices in zip((-1, 1), EYES, strict=True):
        middle = np.array([sign * EYE_X_PX, 0, EYE_DEPTH_PX - EYEBALL_PX])
        along = np.linspace(-1, 1, 9)
        gap = openness * 54 / 2 * (1 - along**2) * 1.1
        points[list(indices.upper)] = middle + np.stack([along * 27, -gap, 0 * along], axis=1)
        points[list(indices.lower)] = middle + np.stack([along * 27, gap, 0 * along], axis=1)
        reach = DIAMETER_PX / 2 / 0.93
        points[indices.centre] = middle
        for corner, (dx, dy) in zip(indices.ring, ((1, 0), (0, -1), (-1, 0), (0, 1)), strict=True):
            points[corner] = middle + np.array([dx * reach, dy * reach, 0])
    return np.asarray(points @ turn(yaw_deg, roll_deg).T + CENTRE)


def eyeball_middle(yaw_deg: float, roll_deg: float = 0.0) -> Vector:
    """Between the centres of both eyeballs."""
    return np.asarray(turn(yaw_deg, roll_deg) @ np.array([0, 0, EYE_DEPTH_PX]) + CENTRE)
