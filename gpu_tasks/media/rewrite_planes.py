"""Planes of Y′CbCr: from pixels, with some parts replaced, and laid into the frames of an encoder."""

from dataclasses import dataclass

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter
from numpy.typing import NDArray

from gpu_tasks.models.step import Rect, Rgb

Plane = NDArray[np.uint8]
Planes = tuple[Plane, Plane, Plane]
"""Luma and two chroma planes, 8 bits; the chroma planes as large as the luma, or half as large both ways."""
EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT | Interpolation.FULL_CHR_H_INP
_MARGIN_PX = 8
"""How far around a part chroma is filtered, so that a part has the same chroma as the whole would."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What the numbers in planes mean, in FFmpeg's (H.273) code points; `colour_range` 1 limited, 2 full."""

    matrix: int = 1
    colour_range: int = 1
    primaries: int = 1
    transfer: int = 1

    def tag(self, frame: av.VideoFrame) -> None:
        """Mark a frame as one of these colours, and leave the choice of its type to the encoder."""
        frame.colorspace = self.matrix
        frame.color_range = self.colour_range
        frame.color_primaries = self.primaries
        frame.color_trc = self.transfer
        frame.pict_type = PictureType.NONE


class PlaneMaker:
    """Converts R'G'B' to planes. Not for use by two threads at once."""

    def __init__(self, colours: Colours, *, subsampled: bool) -> None:
        self._colours = colours
        self._format = "yuv420p" if subsampled else "yuv444p"
        self._whole = VideoReformatter()
        self._step = 2 if subsampled else 1

    def planes(self, rgb: Rgb) -> Planes:
        """The planes of a whole picture."""
        return self._converted(rgb, self._whole)

    def patched(self, planes: Planes, rgb: Rgb, rects: tuple[Rect, ...]) -> Planes:
        """Copies of `planes` with the rectangles taken from `rgb`; every other sample stays as it is.

        A rectangle takes its own luma, and the chroma samples that it touches.
        """
        copies = (planes[0].copy(), planes[1].copy(), planes[2].copy())
        for rect in rects:
            self._patch(copies, rgb, rect)
        return copies

    def _patch(self, planes: Planes, rgb: Rgb, rect: Rect) -> None:
        height, width = rgb.shape[:2]
        left, top = max(rect[0], 0), max(rect[1], 0)
        right, bottom = min(rect[0] + rect[2], width), min(rect[1] + rect[3], height)
        if left >= right or top >= bottom:
            return
        x, y = _margin_before(left), _margin_before(top)
        part = rgb[y : _margin_behind(bottom), x : _margin_behind(right)]
        for index, plane in enumerate(self._converted(part, VideoReformatter())):
            step = 1 if index == 0 else self._step
            box = (left // step, top // step, -(-right // step), -(-bottom // step))
            from_x, from_y = x // step, y // step
            planes[index][box[1] : box[3], box[0] : box[2]] = plane[
                box[1] - from_y : box[3] - from_y, box[0] - from_x : box[2] - from_x
            ]

    def _converted(self, rgb: Rgb, reformatter: VideoReformatter) -> Planes:
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
        converted = reformatter.reformat(
            frame,
            format=self._format,
            src_color_range=ColorRange.JPEG,
            dst_colorspace=self._colours.matrix,
            dst_color_range=self._colours.colour_range,
            interpolation=EXACT,
        )
        return plane_of(converted, 0), plane_of(converted, 1), plane_of(converted, 2)


def _margin_before(edge: int) -> int:
    """Where the surroundings of a part begin: on an even pixel, so that chroma keeps its places."""
    return max(0, edge - _MARGIN_PX) // 2 * 2


def _margin_behind(edge: int) -> int:
    """Where they end. A part of odd size would have its chroma spread to half of one pixel more."""
    return (edge + _MARGIN_PX + 1) // 2 * 2


def plane_of(frame: av.VideoFrame, index: int) -> Plane:
    """A height × width view of one 8-bit plane, which keeps the frame's memory alive."""
    plane = frame.planes[index]
    rows: Plane = np.frombuffer(memoryview(plane), np.uint8)[: plane.line_size * plane.height]
    return rows.reshape(plane.height, plane.line_size)[:, : plane.width]


def frame_of(planes: tuple[Plane, ...], size: tuple[int, int], colours: Colours) -> av.VideoFrame:
    """A frame of its own memory, Y′CbCr and alpha where there is a fourth plane.

    `size` may exceed the planes by a column and a row, which repeat the last ones.
    """
    subsampled = planes[0].shape != planes[1].shape
    name = ("yuva" if len(planes) == 4 else "yuv") + ("420p" if subsampled else "444p")
    frame = av.VideoFrame(*size, name)
    for index, plane in enumerate(planes):
        _fill(plane_of(frame, index), plane)
    colours.tag(frame)
    return frame


def _fill(target: Plane, plane: Plane) -> None:
    height, width = plane.shape
    target[:height, :width] = plane
    target[:height, width:] = plane[:, -1:]
    target[height:] = target[height - 1 : height]
