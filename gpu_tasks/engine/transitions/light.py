"""Transitions by light and colour: through white, through fire, channel after channel."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709, YUV_TO_RGB_709
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import Crossing, transition
from gpu_tasks.engine.transitions.blending import WHITE, smooth
from gpu_tasks.engine.transitions.box import Box, in_box
from gpu_tasks.engine.transitions.noise import clouds
from gpu_tasks.engine.transitions.reveal import (
    Grid,
    Raster,
    by_tables,
    mix_by,
    times_of,
    toward_by,
    window,
)


@transition("dip_to_white", "The outgoing picture rises to white; the incoming one comes out of it.")
def dip_to_white(outgoing: Surface, incoming: Surface, progress: float, out: Surface, at: Crossing) -> None:
    source, brightness = (outgoing, progress * 2) if progress < 0.5 else (incoming, (1 - progress) * 2)
    out.copy_alpha_from(source)
    planes = zip(source.planes(), source.alphas(), out.planes(), WHITE, strict=True)
    for (plane, _, _), alpha, (target, _, _), white in planes:
        at.k.toward(plane, alpha, white, brightness, target)


_BURN_REACH: Final = 0.16
"""Half of the time for which the fire works on a pixel."""
_CHAR, _EMBER, _FLAME = (30, 122, 136), (121, 66, 192), (222, 88, 142)


@transition("burn", "The picture burns away along a ragged, glowing front.")
@in_box
def burn(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    times = times_of(box, "burn", _burning, 0, even=0.5)
    front = progress * (1 + 2 * _BURN_REACH) - _BURN_REACH
    near = window(box, times, front, _BURN_REACH, "near the front")
    gone, charred, glowing, flaming = (
        by_tables(box, near, table, f"fire {index}") for index, table in enumerate(box.kept("fire", lambda: _fire(box)))
    )
    spare = box.surface("spare")
    mix_by(box, toward_by(box, outgoing, _CHAR, charred, spare), incoming, gone, out)
    toward_by(box, toward_by(box, out, _EMBER, glowing, spare), _FLAME, flaming, out)


def _burning(at: Raster, box: Box) -> Grid:
    """The fire is laid in a corner at the bottom and eats its way up and across."""
    away = np.hypot(at.x + 0.7 * at.half_width, at.y - 0.9 * at.half_height) / at.reach_px
    fuel = clouds(at, box.random(), 2.5, 6, 0.55)
    return np.asarray(0.9 * away + 0.55 * fuel, np.float32)


def _fire(box: Box) -> list[Plane]:
    """Tables of how far a pixel lies before the front (−1 long burnt, 1 untouched): gone, charred, ember, flame."""
    place = np.linspace(-1, 1, 256)
    gone = np.interp(place, [-0.05, 0.03], [1, 0])
    charred = np.interp(place, [0.0, 0.22, 0.95], [0.95, 0.8, 0.0]) ** 1.5
    ember = np.interp(place, [-0.9, -0.06, 0.0, 0.16, 0.5], [0.0, 0.22, 0.85, 0.8, 0.0])
    flame = np.interp(place, [-0.16, -0.03, 0.03, 0.11], [0.0, 0.95, 0.95, 0.0])
    shares = [gone, charred, ember, flame]
    return [box.k.upload(np.rint(share * 255).astype(np.uint8)) for share in shares]


@transition("color_phase", "Red, green and blue cross over one after the other.")
@in_box
def color_phase(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    """Every channel of R'G'B' mixes linearly by an amount of its own, which is affine in Y'CbCr, too."""
    shares = np.array([smooth((progress - late) / 0.55) for late in (0.0, 0.225, 0.45)])
    from_rgb, to_rgb = RGB_TO_YUV_709[:, :3], YUV_TO_RGB_709[:, :3]
    new = from_rgb @ np.diag(shares) @ to_rgb
    old = from_rgb @ np.diag(1 - shares) @ to_rgb
    _mix_alpha(box, outgoing, incoming, shares, out)
    _mix_luma(box, outgoing, incoming, (old[0], new[0]), out)
    _mix_chroma(box, outgoing, incoming, (old[1:], new[1:]), out)


_Weights = tuple[NDArray[np.float64], NDArray[np.float64]]
"""What the outgoing and what the incoming Y'CbCr, without their offsets, count for; both add up to the identity."""
_OFFSETS: Final = np.array([16.0, 128.0, 128.0])


def _mix_alpha(box: Box, old: Surface, new: Surface, shares: NDArray[np.float64], out: Surface) -> None:
    """As much as the channel that shows most of a picture needs, so that no colour exceeds its alpha."""
    weights = (1 - float(shares.min()), float(shares.max()))
    for first, second, target in list(zip(old.every_plane(), new.every_plane(), out.every_plane(), strict=True))[3:]:
        box.k.weigh((first, second), weights, 0, target)


def _mix_luma(box: Box, old: Surface, new: Surface, weights: _Weights, out: Surface) -> None:
    """The part that comes from chroma is summed at chroma size, around 128, and enlarged once."""
    tint, enlarged = box.masks("tint")[1], box.masks("tint at full size")[0]
    pair = (weights[0][1:], weights[1][1:])
    chroma = _Sum(box).add((old.u, old.v), pair[0], old.alpha_c, _OFFSETS[1:])
    chroma.add((new.u, new.v), pair[1], new.alpha_c, _OFFSETS[1:]).into(128, tint)
    if box.subsampling == 2:
        tint = box.k.upsample(tint, (box.width, box.height), enlarged)
    luma = _Sum(box).add((old.y,), weights[0][:1], old.alpha, _OFFSETS[:1])
    luma.add((new.y,), weights[1][:1], new.alpha, _OFFSETS[:1])
    luma.add((tint,), np.ones(1)).add_offset(16, out.alpha).into(-128, out.y)


def _mix_chroma(box: Box, old: Surface, new: Surface, weights: _Weights, out: Surface) -> None:
    old_y, new_y = _at_chroma_size(box, old.y, "old luma"), _at_chroma_size(box, new.y, "new luma")
    for row, target in enumerate((out.u, out.v)):
        total = _Sum(box).add((old_y, old.u, old.v), weights[0][row], old.alpha_c, _OFFSETS)
        total.add((new_y, new.u, new.v), weights[1][row], new.alpha_c, _OFFSETS)
        total.add_offset(128, out.alpha_c).into(0, target)


def _at_chroma_size(box: Box, luma: Plane, name: str) -> Plane:
    if box.subsampling == 1:
        return luma
    target = box.masks(name)[1]
    return box.k.shrink(luma, (target.shape[1], target.shape[0]), target)


class _Sum:
    """A weighted sum of premultiplied planes without their offsets, which lie under alpha."""

    def __init__(self, box: Box) -> None:
        self._k = box.k
        self._planes: list[Plane] = []
        self._weights: list[float] = []
        self._constant = 0.0

    def add(
        self,
        planes: tuple[Plane, ...],
        weights: NDArray[np.float64],
        alpha: Plane | None = None,
        offsets: NDArray[np.float64] | None = None,
    ) -> "_Sum":
        self._planes += planes
        self._weights += [float(weight) for weight in weights]
        return self if offsets is None else self.add_offset(-float(weights @ offsets), alpha)

    def add_offset(self, value: float, alpha: Plane | None) -> "_Sum":
        """A constant code value under an alpha (None = opaque)."""
        if alpha is None:
            self._constant += value
        else:
            self._planes.append(alpha)
            self._weights.append(value / 255)
        return self

    def into(self, constant: float, out: Plane) -> None:
        self._k.weigh(self._planes, self._weights, self._constant + constant, out)
