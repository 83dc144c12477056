"""Blend modes against Skia's, computed there in floating point."""

from collections.abc import Iterator

import numpy as np
import skia
from numpy.typing import NDArray

from benchmarks.verify.finding import Finding, Size, alike, within
from benchmarks.verify.pictures import natural, surface_of
from gpu_tasks.engine.blend import FORMULAS, Blender, table
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.catalogue import names

MODES = tuple(mode for mode in names("blend_modes") if mode in FORMULAS)
Colours = NDArray[np.float32]
"""height × width × 3, R'G'B' 0-1."""


def findings(size: Size) -> Iterator[Finding]:
    levels = np.linspace(0, 1, 256, dtype=np.float32)
    backdrop = np.repeat(np.broadcast_to(levels[:, None], (256, 256))[..., None], 3, axis=-1)
    for mode in MODES:
        theirs = _blended(backdrop, backdrop.transpose(1, 0, 2), mode)[..., 0] * 255
        error = float(np.abs(table(mode).astype(np.float64) - theirs).max())
        yield within(f"blend {mode}, all pairs of values", "Skia, in float", error, "/255", 1.0)
    for mode in MODES:
        yield _of_pictures(size, mode)


def _of_pictures(size: Size, mode: str) -> Finding:
    below, above = surface_of(natural(size, 1), 1), surface_of(natural(size, 2), 1)
    ours = Blender(cpu).blended(below, above, mode, 1.0)
    theirs = _blended(_rgb(below), _rgb(above), mode)
    operation = f"blend {mode}, two pictures"
    return alike(operation, "Skia, in float", [_rgb(ours) * 255], [theirs * 255])


def _rgb(surface: Surface) -> Colours:
    shape = surface.y.shape
    planes = cpu.to_rgb(surface, (np.empty(shape, np.uint8), np.empty(shape, np.uint8), np.empty(shape, np.uint8)))
    return np.asarray(np.dstack(planes) / np.float32(255), np.float32)


def _blended(below: Colours, above: Colours, mode: str) -> Colours:
    height, width = below.shape[:2]
    found = np.zeros((height, width, 4), np.float32)
    surface = skia.Surface.MakeRasterDirect(_info(width, height), found, found.strides[0])
    canvas = surface.getCanvas()
    canvas.drawImage(_image(below), 0, 0)
    mode_of_skia = getattr(skia.BlendMode, "k" + mode.title().replace("_", ""))
    canvas.drawImage(_image(above), 0, 0, skia.SamplingOptions(), skia.Paint(BlendMode=mode_of_skia))
    return found[..., :3]


def _info(width: int, height: int) -> skia.ImageInfo:
    return skia.ImageInfo.Make(width, height, skia.kRGBA_F32_ColorType, skia.kPremul_AlphaType)


def _image(colours: Colours) -> skia.Image:
    opaque = np.ones((*colours.shape[:2], 1), np.float32)
    pixels = np.ascontiguousarray(np.concatenate([colours, opaque], axis=-1))
    info = _info(colours.shape[1], colours.shape[0])
    return skia.Image.MakeRasterCopy(skia.Pixmap(info, pixels, pixels.strides[0]))
