"""Entrances and exits on springs."""

import math

from gpu_tasks.engine.motions.base import Pose, Stage, motion
from gpu_tasks.engine.motions.curves import SETTLING, smooth, spring, swell
from gpu_tasks.engine.motions.reach import arriving, departing, leaving_px


@motion("elastic_rise", "Rises from below the canvas, shoots past its place and swings back.")
@arriving
def elastic_rise(presence: float, stage: Stage) -> Pose:
    return Pose(y_px=leaving_px((0, 1), stage) * (1 - spring(presence, 0.5, 3.4)))


@motion("elastic_drop", "Springs up a little, then drops faster and faster below the canvas.")
@departing
def elastic_drop(absence: float, stage: Stage) -> Pose:
    # It is out before the end, as an easing that slows down there would leave it hanging on the canvas's edge.
    fallen = (max(0.0, absence - 0.28) / 0.58) ** 2.2
    return Pose(y_px=leaving_px((0, 1), stage) * (fallen - 0.12 * swell(absence, 0, 0.62)))


@motion("rubber_in", "Snaps open and wobbles between wide and tall like a rubber band.")
@arriving
def rubber_in(presence: float, stage: Stage) -> Pose:
    size = 1 - (1 - min(presence / 0.3, 1.0)) ** 3
    calm = 1 - smooth(presence, SETTLING, 1)
    wobble = 0.5 * math.exp(-4.5 * presence) * math.sin(5 * math.pi * presence) * calm
    return Pose(scale_x=size * (1 + wobble), scale_y=size * (1 - wobble), opacity=smooth(presence, 0, 0.15))


@motion("smooth_pop", "Pops up from half its size with a soft overshoot while it fades in.")
@arriving
def smooth_pop(presence: float, stage: Stage) -> Pose:
    scale = 0.5 + 0.5 * spring(presence, 0.6, 2.4)
    return Pose(scale_x=scale, scale_y=scale, opacity=smooth(presence, 0, 0.35))
