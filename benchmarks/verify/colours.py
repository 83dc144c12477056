"""R'G'B' to Y'CbCr and back against swscale: BT.709, limited range, and the siting of 4:2:0."""

from collections.abc import Iterator

import numpy as np

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import EXACT_SCALE, filtered, frame_of, planes_of
from benchmarks.verify.pictures import natural, smooth, surface_of
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Plane

_TO_709 = ("scale", f"{EXACT_SCALE}:out_color_matrix=bt709:out_range=tv")
_TO_709_LEFT_SITED = ("scale", f"{_TO_709[1]}:out_h_chr_pos=0:out_v_chr_pos=128")
_FROM_709 = ("scale", f"{EXACT_SCALE}:in_color_matrix=bt709:in_range=tv:out_range=pc")


def findings(size: Size) -> Iterator[Finding]:
    picture = natural(size)
    red, green, blue = (np.ascontiguousarray(picture[..., i]) for i in range(3))
    rgb = frame_of([green, blue, red], "gbrp")
    surface = surface_of(picture, 1)
    theirs = planes_of(filtered(rgb, _TO_709, ("format", "yuv444p")))
    yield alike("R'G'B' to Y'CbCr, 4:4:4", "FFmpeg swscale", surface.every_plane(), theirs)
    shape = picture.shape[:2]
    out = (np.empty(shape, np.uint8), np.empty(shape, np.uint8), np.empty(shape, np.uint8))
    back = filtered(frame_of(surface.every_plane(), "yuv444p"), _FROM_709, ("format", "gbrp"))
    green, blue, red = planes_of(back)
    yield alike("Y'CbCr to R'G'B', 4:4:4", "FFmpeg swscale", cpu.to_rgb(surface, out), [red, green, blue])
    yield _subsampled(size)


def _subsampled(size: Size) -> Finding:
    """On a picture without fine detail, what is left of the difference is where chroma samples lie."""
    picture = smooth(size)
    rgb = frame_of([np.ascontiguousarray(picture[..., i]) for i in (1, 2, 0)], "gbrp")
    theirs = planes_of(filtered(rgb, _TO_709_LEFT_SITED, ("format", "yuv420p")))
    ours: list[Plane] = surface_of(picture, 2).every_plane()
    return alike("R'G'B' to Y'CbCr, 4:2:0", "FFmpeg swscale", ours, theirs)
