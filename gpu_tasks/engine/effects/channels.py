"""Colour channels that part: pulled sideways, or scaled apart as by a simple lens."""

import numpy as np

from gpu_tasks.engine.effects._planes import each
from gpu_tasks.engine.effects._separation import luma_at_chroma_size, recombined
from gpu_tasks.engine.effects.base import Moment, effect
from gpu_tasks.engine.kernels import Planes
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface
from gpu_tasks.timeline.transforms import Affine, scaling, translation

SPLIT_UNITS = 8.0
DISPERSION = 0.011
"""How much larger than green the red picture of the simple lens is; blue is smaller by as much."""
GLOW, GLOW_SIGMA_UNITS = 0.5, 9.0


@effect("rgb_split", "Red and blue are pulled apart sideways, leaving coloured fringes on every edge.")
def rgb_split(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    distance_px = SPLIT_UNITS * moment.unit_px * amount
    return _parted(picture, translation(distance_px, 0), translation(-distance_px, 0), moment)


@effect("chromatic_aberration", "A dreamy lens: colours part towards the edges, and light glows.")
def chromatic_aberration(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    middle = (picture.width / 2, picture.height / 2)
    larger, smaller = (1 + sign * DISPERSION * amount for sign in (1, -1))
    parted = _parted(picture, scaling(larger, larger, middle), scaling(smaller, smaller, middle), moment)
    return _glowing(parted, amount, moment)


def _parted(picture: Surface, red_matrix: Affine, blue_matrix: Affine, moment: Moment) -> Surface:
    """Red moved by one matrix, blue by another (luma pixels); green stays."""
    red = _moved(picture, red_matrix, "red", moment, without="u")
    blue = _moved(picture, blue_matrix, "blue", moment, without="v")
    lumas = _small_lumas(picture, red_matrix, blue_matrix, moment)
    return recombined(moment, picture, red, blue, moment.scratch.surface("parted", picture), lumas)


def _small_lumas(picture: Surface, red_matrix: Affine, blue_matrix: Affine, moment: Moment) -> Planes:
    """The three lumas at chroma's size: reduced once, then moved, which is a quarter of the work."""
    k, step = moment.k, picture.subsampling
    green = luma_at_chroma_size(moment, picture, "g")
    size = (green.shape[1], green.shape[0])

    def moved(matrix: Affine, name: str) -> Plane:
        out = moment.scratch.plane(f"small luma of {name}", tuple(green.shape))
        return k.warp(green, k.plane_matrix(matrix, step), size, hold_edges=picture.is_opaque, out=out)

    return green, moved(red_matrix, "red"), moved(blue_matrix, "blue")


def _moved(picture: Surface, matrix: Affine, name: str, moment: Moment, *, without: str) -> Surface:
    k, out = moment.k, moment.scratch.surface(name, picture)
    skipped = getattr(picture, without)

    def move(plane: Plane, step: int, target: Plane) -> None:
        if plane is not skipped:
            size = (plane.shape[1], plane.shape[0])
            k.warp(plane, k.plane_matrix(matrix, step), size, hold_edges=picture.is_opaque, out=target)

    return each(picture, out, move)


def _glowing(picture: Surface, amount: float, moment: Moment) -> Surface:
    """The picture, in place, towards white where its own light, out of focus, is bright."""
    k, scratch = moment.k, moment.scratch
    light = scratch.plane("light", picture.y.shape)
    k.gaussian(picture.y, GLOW_SIGMA_UNITS * moment.unit_px, hold_edges=picture.is_opaque, out=light)
    k.lut(light, scratch.kept(("glow", amount), lambda: k.upload(_glow_table(amount))), light)
    k.toward_by(picture.y, picture.alpha, 235, light, picture.y)
    if picture.subsampling == 2:
        light = k.shrink(light, (picture.u.shape[1], picture.u.shape[0]), scratch.plane("c light", picture.u.shape))
    for plane in (picture.u, picture.v):
        k.toward_by(plane, picture.alpha_c, NEUTRAL_C, light, plane)
    return picture


def _glow_table(amount: float) -> Plane:
    """How much white a light of each luma code adds, 0-255."""
    light = np.clip((np.arange(256) - 16) / 219, 0, 1)
    return np.asarray(np.rint(255 * GLOW * amount * light**2), np.uint8)
