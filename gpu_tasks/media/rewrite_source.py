"""Decoded frames as a step sees them, upright and in R'G'B', and as the film stores what stays as it is."""

from dataclasses import dataclass
from typing import cast

import av
import numpy as np
from av.video.reformatter import ColorRange, VideoReformatter

from gpu_tasks.media.colours import UNSPECIFIED, colours_of
from gpu_tasks.media.decode import Shot
from gpu_tasks.media.rewrite_planes import EXACT, Colours, Plane, Planes, plane_of
from gpu_tasks.models.step import Frame
from gpu_tasks.timeline.sources import SourceInfo

_MATRICES = frozenset({1, 4, 5, 6, 7, 9, 10})
"""What swscale converts by: BT.709, FCC, BT.601 twice, SMPTE 240M, BT.2020 twice."""
_OWN_FORMATS = {
    True: frozenset({"yuv420p", "yuvj420p", "yuva420p"}),
    False: frozenset({"yuv444p", "yuvj444p", "yuva444p"}),
}


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A frame for a step, and the same as Y′CbCr: the source's own samples where it has 8 bits and this sampling.

    `bits` are those of the source's samples.
    """

    frame: Frame
    planes: Planes
    colours: Colours
    bits: int = 8


class SourcePictures:
    """Turns, scales and converts the frames of one source. The first one says what colours all are stored in.

    Not for use by two threads at once.
    """

    def __init__(self, info: SourceInfo, *, subsampled: bool) -> None:
        turned = info.rotation in (90, 270)
        self._size = (info.height, info.width) if turned else (info.width, info.height)
        self._quarter_turns = info.rotation // 90
        self._has_alpha = info.has_alpha
        self._own_formats = _OWN_FORMATS[subsampled]
        self._format = "yuv420p" if subsampled else "yuv444p"
        self._to_rgb, self._to_planes = VideoReformatter(), VideoReformatter()
        self._colours: Colours | None = None

    def show(self, shot: Shot) -> Shown:
        """What a decoded frame shows."""
        self._colours = self._colours or stored_colours(shot.frame)
        pixels = self._pixels(shot.frame)
        alpha = np.ascontiguousarray(pixels[..., 3]) if self._has_alpha else None
        frame = Frame(np.ascontiguousarray(pixels[..., :3]), alpha, shot.time_s)
        bits = max(component.bits for component in shot.frame.format.components)
        return Shown(frame, self._planes(shot.frame, self._colours), self._colours, bits)

    def _pixels(self, frame: av.VideoFrame) -> Plane:
        """H×W×3 or, with alpha, H×W×4; straight."""
        matrix, colour_range = _conversion(frame)
        converted = self._to_rgb.reformat(
            frame,
            *self._size,
            "rgba" if self._has_alpha else "rgb24",
            src_colorspace=matrix,
            src_color_range=colour_range,
            dst_color_range=ColorRange.JPEG,
            interpolation=EXACT,
        )
        return self._upright(np.asarray(converted.to_ndarray(), dtype=np.uint8))

    def _planes(self, frame: av.VideoFrame, colours: Colours) -> Planes:
        matrix, colour_range = _conversion(frame)
        same_colours = (matrix, colour_range) == (colours.matrix, colours.colour_range)
        if (frame.width, frame.height) != self._size or frame.format.name not in self._own_formats or not same_colours:
            frame = self._to_planes.reformat(
                frame,
                *self._size,
                self._format,
                src_colorspace=matrix,
                dst_colorspace=colours.matrix,
                src_color_range=colour_range,
                dst_color_range=colours.colour_range,
                interpolation=EXACT,
            )
        return cast(Planes, tuple(self._upright(plane_of(frame, index)) for index in range(3)))

    def _upright(self, stored: Plane) -> Plane:
        return np.rot90(stored, -self._quarter_turns) if self._quarter_turns else stored


def stored_colours(frame: av.VideoFrame) -> Colours:
    """The colours in which the film of a source is stored: its own, said plainly where they were only implied."""
    matrix, colour_range = _conversion(frame)
    if matrix is None:
        return Colours()
    implied = 1 if matrix == 1 else UNSPECIFIED
    primaries, transfer = int(frame.color_primaries), int(frame.color_trc)
    return Colours(matrix, colour_range, _said(primaries, implied), _said(transfer, implied))


def _said(code: int, implied: int) -> int:
    return implied if code in (0, UNSPECIFIED) else code


def _conversion(frame: av.VideoFrame) -> tuple[int | None, int]:
    """Matrix (None: RGB) and range by which a frame is converted."""
    matrix, colour_range = colours_of(frame)
    if matrix is None or matrix in _MATRICES:
        return matrix, colour_range
    frame.colorspace = UNSPECIFIED
    return colours_of(frame)
