"""Pictures that linger: what was seen a moment ago shows through what is seen now."""

import numpy as np

from gpu_tasks.engine.effects._planes import each, mixed, together
from gpu_tasks.engine.effects.base import EFFECTS, Moment, effect
from gpu_tasks.engine.surface import NEUTRAL_C, Plane, Surface
from gpu_tasks.timeline.transforms import Affine, scaling, translation

GHOST_REACH_S, ECHO_REACH_S = 0.3, 0.5
GHOST_STEP_UNITS = (7.0, -2.0)
"""How far each ghost lies from the one before it, so that stills have some, too."""
GHOST_SHARE, ECHO_SHARE, ECHO_LIGHT = 0.56, 0.5, 0.42
NEWER_SHARES = (0.55, 0.5)
"""Of three ghosts, oldest first: what the next newer one takes of the sum so far."""
ECHO_ZOOMS = (1.035, 1.075, 1.12, 1.17)
"""Each echo is this much larger than the picture, the oldest most."""


@effect("ghosting", "Faint copies trail behind the picture, furthest behind what moves.", reach_s=GHOST_REACH_S)
def ghosting(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    trail, ghost = (moment.scratch.surface(name, picture) for name in ("trail", "ghost"))
    _ghost(picture, 3, amount, moment, trail)
    for age, share in zip((2, 1), NEWER_SHARES, strict=True):
        mixed(moment.k, trail, _ghost(picture, age, amount, moment, ghost), share, trail)
    return mixed(moment.k, picture, trail, GHOST_SHARE * amount, trail)


def _ghost(picture: Surface, age: int, amount: float, moment: Moment, out: Surface) -> Surface:
    """The picture `age` thirds of the reach ago, out of its place."""
    x, y = (step * age * moment.unit_px * amount for step in GHOST_STEP_UNITS)
    earlier = _earlier(picture, "ghosting", age / 3, moment)
    return _warped(earlier, translation(-x, -y), moment, out)


@effect("echo", "Earlier frames float out of the picture, larger and softer, like a dream.", reach_s=ECHO_REACH_S)
def echo(picture: Surface, amount: float, moment: Moment) -> Surface:
    if amount <= 0:
        return picture
    echoes = _echoes(picture, amount, moment)
    out = mixed(moment.k, picture, echoes, ECHO_SHARE * amount, moment.scratch.surface("out", picture))
    return _lit(out, echoes, amount, moment)


def _echoes(picture: Surface, amount: float, moment: Moment) -> Surface:
    """The mean of the echoes: blurred, they are moved at half the size for a quarter of the work."""
    k, scratch = moment.k, moment.scratch
    count = len(ECHO_ZOOMS)
    earlier = [_earlier(picture, "echo", (age + 1) / count, moment) for age in range(count)]
    out = scratch.surface("echoes", picture)
    for step, (target, *sources) in together(out, *earlier):
        size = (max(1, target.shape[1] // 2), max(1, target.shape[0] // 2))
        small, moved, total = (scratch.plane(name, size[::-1]) for name in ("small", "moved", "total"))
        for age, (source, zoom) in enumerate(zip(sources, ECHO_ZOOMS, strict=True)):
            factor = 1 + (zoom - 1) * amount
            matrix = scaling(factor, factor, (size[0] / 2, size[1] / 2))
            k.shrink(source, size, small)
            k.warp(small, matrix, size, hold_edges=picture.is_opaque, out=moved if age else total)
            if age:
                k.mix(total, moved, 1 / (age + 1), total)
        k.gaussian(total, 4 * moment.unit_px * amount / (2 * step), hold_edges=picture.is_opaque, out=moved)
        k.enlarge(moved, (target.shape[1], target.shape[0]), smooth=True, out=target)
    return out


def _lit(picture: Surface, echoes: Surface, amount: float, moment: Moment) -> Surface:
    """The picture, in place, with the light of the echoes screened over it."""
    k, scratch = moment.k, moment.scratch
    table = scratch.kept(("light", amount), lambda: k.upload(_light_table(amount)))
    light = k.lut(echoes.y, table, scratch.plane("light", picture.y.shape))
    k.toward_by(picture.y, picture.alpha, 235, light, picture.y)
    if picture.subsampling == 2:
        light = k.subsample(light, scratch.plane("light of chroma", picture.u.shape))
    for plane in (picture.u, picture.v):
        k.toward_by(plane, picture.alpha_c, NEUTRAL_C, light, plane)
    return picture


def _light_table(amount: float) -> Plane:
    light = np.clip((np.arange(256) - 16) / 219, 0, 1)
    return np.asarray(np.rint(255 * ECHO_LIGHT * amount * light**2.2), np.uint8)


def _earlier(picture: Surface, name: str, share: float, moment: Moment) -> Surface:
    """The effect's input that share of its reach ago: a frame at least, if it reaches at all."""
    reach = EFFECTS[name].reach_frames(moment.frame_rate)
    return moment.earlier(max(1, round(reach * share))) if reach else picture


def _warped(picture: Surface, matrix: Affine, moment: Moment, out: Surface) -> Surface:
    k = moment.k

    def warp(plane: Plane, step: int, target: Plane) -> None:
        size = (plane.shape[1], plane.shape[0])
        k.warp(plane, k.plane_matrix(matrix, step), size, hold_edges=picture.is_opaque, out=target)

    return each(picture, out, warp)
