"""Decoded frames to surfaces: the right part, upright, at the shown size, in the project's colours."""

from dataclasses import dataclass

import av
import numpy as np
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from gpu_tasks.engine.inset import blurred_ground, laid, scaled_inset, small_size, without_inset
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Plane, Surface, plane_view, tag_bt709, view_of
from gpu_tasks.media.colours import colours_of
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.sources import SourceInfo

# Between colour matrices or ranges swscale goes by way of RGB, and is off by 3/255 without these.
_EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
_BT709 = 1
_FORMATS = {(1, False): "yuv444p", (1, True): "yuva444p", (2, False): "yuv420p", (2, True): "yuva420p"}

# Bytes a sample, and luma samples across and down for each of them, plane by plane.
_FULL, _HALF_WIDTH, _QUARTER = (1, 1, 1), (1, 2, 1), (1, 2, 2)
_PLANE_LAYOUTS = {
    **dict.fromkeys(("yuv420p", "yuvj420p"), (_FULL, _QUARTER, _QUARTER)),
    **dict.fromkeys(("yuv422p", "yuvj422p"), (_FULL, _HALF_WIDTH, _HALF_WIDTH)),
    **dict.fromkeys(("yuv444p", "yuvj444p"), (_FULL, _FULL, _FULL)),
    "yuva420p": (_FULL, _QUARTER, _QUARTER, _FULL),
    "yuva444p": (_FULL, _FULL, _FULL, _FULL),
    "gray": (_FULL,),
    **dict.fromkeys(("rgb24", "bgr24"), ((3, 1, 1),)),
    **dict.fromkeys(("rgba", "bgra"), ((4, 1, 1),)),
}

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Target:
    """What a converter makes: surfaces of `width` × `height` pixels of what `place` shows."""

    place: Placement
    width: int
    height: int
    subsampling: int


class Converter:
    """Converts the frames of one source for one clip. Not for use by two threads at once."""

    def __init__(self, source: SourceInfo, target: Target) -> None:
        self._source = source
        self._target = target
        self._format = _FORMATS[target.subsampling, source.has_alpha]
        turned = source.rotation in (90, 270)
        self._size = (target.height, target.width) if turned else (target.width, target.height)
        self._inset = _OnBlurredGround(source, target) if target.place.inset else None
        self._reformat = VideoReformatter()
        self._reformat_whole = VideoReformatter()

    def convert(self, frame: av.VideoFrame) -> Surface:
        """The surface of a decoded frame; shares the frame's memory when nothing has to be done to it."""
        if self._inset is not None:
            return self._inset.convert(frame)
        rect = self._decoded_rect(frame)
        if rect is not None:
            frame = self._cropped(frame, rect)
        scaled = self._scaled(frame, self._size, self._reformat)
        return self._finished(scaled)

    def _finished(self, frame: av.VideoFrame) -> Surface:
        surface = view_of(frame)
        place, degrees = self._target.place, self._source.rotation
        if degrees or place.flip_x or place.flip_y:
            y, u, v = self._turned(surface.y), self._turned(surface.u), self._turned(surface.v)
            surface = Surface(y, u, v, surface.subsampling)
        if not self._source.has_alpha:
            return surface
        return _premultiplied(surface, self._turned(plane_view(frame, 3)))

    def _turned(self, plane: Plane) -> Plane:
        turned = cpu.rotate(plane, self._source.rotation)
        return cpu.flip(turned, self._target.place.flip_x, self._target.place.flip_y)

    def _scaled(self, frame: av.VideoFrame, size: tuple[int, int], reformatter: VideoReformatter) -> av.VideoFrame:
        colorspace, color_range = colours_of(frame)
        same_colours = colorspace in (None, _BT709) and color_range == ColorRange.MPEG
        if (frame.width, frame.height) == size and frame.format.name == self._format and same_colours:
            return frame
        scaled = reformatter.reformat(
            frame,
            *size,
            self._format,
            src_colorspace=colorspace,
            dst_colorspace=Colorspace.ITU709,
            src_color_range=color_range,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.BICUBIC if same_colours else _EXACT,
            threads=1,
        )
        tag_bt709(scaled)
        return scaled

    def _decoded_rect(self, frame: av.VideoFrame) -> Rect | None:
        """What the placement shows, in pixels of the frame as decoded; None when that is all of it."""
        left, top, right, bottom = self._target.place.source
        width, height = self._source.width, self._source.height
        unit = _unturned((left / width, top / height, right / width, bottom / height), self._source.rotation)
        rect = (unit[0] * frame.width, unit[1] * frame.height, unit[2] * frame.width, unit[3] * frame.height)
        whole = (0, 0, frame.width, frame.height)
        return None if all(abs(a - b) < 1 for a, b in zip(rect, whole, strict=True)) else rect

    def _cropped(self, frame: av.VideoFrame, rect: Rect) -> av.VideoFrame:
        """A copy of a rectangle, its corner on an even pixel."""
        if frame.format.name not in _PLANE_LAYOUTS:
            frame = self._scaled(frame, (frame.width, frame.height), self._reformat_whole)
        left = max(0, min(round(rect[0] / 2) * 2, frame.width - 2))
        top = max(0, min(round(rect[1] / 2) * 2, frame.height - 2))
        width = min(max(round(rect[2]) - left, 2), frame.width - left)
        height = min(max(round(rect[3]) - top, 2), frame.height - top)
        return _copied_rect(frame, left, top, width, height)


class _OnBlurredGround:
    """A picture contained in a box that the same picture, enlarged and blurred, fills."""

    def __init__(self, source: SourceInfo, target: Target) -> None:
        self._target = target
        size = (target.width, target.height)
        content, self._corner = scaled_inset(target.place, size)
        self._content = Converter(source, Target(content, content.width, content.height, target.subsampling))
        ground = Target(without_inset(target.place), *small_size(size), target.subsampling)
        self._ground = Converter(source, ground)

    def convert(self, frame: av.VideoFrame) -> Surface:
        size = (self._target.width, self._target.height)
        ground = blurred_ground(size, self._ground.convert(frame))
        return laid(ground, self._content.convert(frame), self._corner)


def _copied_rect(frame: av.VideoFrame, left: int, top: int, width: int, height: int) -> av.VideoFrame:
    cropped = av.VideoFrame(width, height, frame.format.name)
    cropped.colorspace, cropped.color_range = frame.colorspace, frame.color_range
    for index, (sample_bytes, across, down) in enumerate(_PLANE_LAYOUTS[frame.format.name]):
        source, target = _rows(frame, index), _rows(cropped, index)
        wide, high = -(-width // across) * sample_bytes, -(-height // down)
        x, y = left // across * sample_bytes, top // down
        np.copyto(target[:high, :wide], source[y : y + high, x : x + wide])
    return cropped


def _rows(frame: av.VideoFrame, index: int) -> Plane:
    """The bytes of a plane, row by row, with their padding."""
    plane = frame.planes[index]
    return np.frombuffer(memoryview(plane), np.uint8)[: plane.line_size * plane.height].reshape(plane.height, -1)


def _premultiplied(surface: Surface, alpha: Plane) -> Surface:
    alpha = np.ascontiguousarray(alpha)
    alpha_c = alpha if surface.subsampling == 1 else cpu.subsample(alpha)
    return Surface(
        cpu.multiply(surface.y, alpha),
        cpu.multiply(surface.u, alpha_c),
        cpu.multiply(surface.v, alpha_c),
        surface.subsampling,
        alpha,
        alpha_c,
    )


def _unturned(unit: Rect, degrees: int) -> Rect:
    """A rectangle of the upright unit square, in the square as it was before turning clockwise by `degrees`."""
    left, top, right, bottom = unit
    if degrees == 90:
        return (top, 1 - right, bottom, 1 - left)
    if degrees == 180:
        return (1 - right, 1 - bottom, 1 - left, 1 - top)
    if degrees == 270:
        return (1 - bottom, left, 1 - top, right)
    return unit
