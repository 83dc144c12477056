"""Surfaces: planar BT.709 limited-range YUV pictures as numpy views, with or without alpha.

Two kinds of chroma: 4:2:0 (`subsampling` 2, chroma left-sited as in H.264) and 4:4:4 (`subsampling` 1).
Colour planes of a surface with alpha are premultiplied: they hold alpha · code value, offsets included, so that
`over` is the same sum for luma, chroma and alpha itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import av
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

BLACK_Y, NEUTRAL_C = 16, 128


@dataclass(slots=True)
class Surface:
    """Planes of one picture.

    `y` is height × width; `u` and `v` are ceil(height/s) × ceil(width/s) with s = `subsampling`. `alpha` has the size
    of `y`, `alpha_c` that of `u` (the same array at 4:4:4); both None when opaque. `frame` owns the memory, if any.
    """

    y: Plane
    u: Plane
    v: Plane
    subsampling: int
    alpha: Plane | None = None
    alpha_c: Plane | None = None
    frame: av.VideoFrame | None = None

    @property
    def width(self) -> int:
        return int(self.y.shape[1])

    @property
    def height(self) -> int:
        return int(self.y.shape[0])

    @property
    def is_opaque(self) -> bool:
        return self.alpha is None

    def planes(self) -> Iterator[tuple[Plane, int, int]]:
        """(plane, subsampling, value of black) of the three colour planes."""
        yield self.y, 1, BLACK_Y
        yield self.u, self.subsampling, NEUTRAL_C
        yield self.v, self.subsampling, NEUTRAL_C

    def alphas(self) -> tuple[Plane | None, Plane | None, Plane | None]:
        """The alpha that belongs to each colour plane."""
        return (self.alpha, self.alpha_c, self.alpha_c)

    def crop(self, left: int, top: int, right: int, bottom: int) -> "Surface":
        """A view of a rectangle; at 4:2:0 left and top must be even."""
        s = self.subsampling
        luma = np.s_[top:bottom, left:right]
        chroma = np.s_[top // s : -(-bottom // s), left // s : -(-right // s)]
        y, u, v = self.y[luma], self.u[chroma], self.v[chroma]
        if self.alpha is None or self.alpha_c is None:
            return Surface(y, u, v, s, frame=self.frame)
        alpha = self.alpha[luma]
        return Surface(y, u, v, s, alpha, alpha if s == 1 else self.alpha_c[chroma], self.frame)

    def every_plane(self) -> list[Plane]:
        """The colour planes and, each once, the alpha planes."""
        planes = [self.y, self.u, self.v]
        if self.alpha is not None:
            planes.append(self.alpha)
        if self.alpha_c is not None and self.alpha_c is not self.alpha:
            planes.append(self.alpha_c)
        return planes

    def copy_from(self, other: "Surface") -> None:
        """Overwrite every plane with those of a surface of the same shape and kind."""
        for mine, theirs in zip(self.every_plane(), other.every_plane(), strict=True):
            mine[...] = theirs

    def copy_alpha_from(self, other: "Surface") -> None:
        """Overwrite the alpha planes, if there are any."""
        for mine, theirs in zip(self.every_plane()[3:], other.every_plane()[3:], strict=True):
            mine[...] = theirs

    def fill(self, y: int, u: int, v: int, alpha: int) -> None:
        """Paint everything in one premultiplied colour (code values 0-255)."""
        for plane, value in zip(self.every_plane(), (y, u, v, alpha, alpha), strict=False):
            plane[...] = value


def blank(width: int, height: int, subsampling: int, *, alpha: bool) -> Surface:
    """A new surface of its own memory: black, or transparent with `alpha`."""
    chroma = (-(-height // subsampling), -(-width // subsampling))
    if alpha:
        y, u, v = np.zeros((height, width), np.uint8), np.zeros(chroma, np.uint8), np.zeros(chroma, np.uint8)
        a = np.zeros((height, width), np.uint8)
        return Surface(y, u, v, subsampling, a, a if subsampling == 1 else np.zeros(chroma, np.uint8))
    return Surface(
        np.full((height, width), BLACK_Y, np.uint8),
        np.full(chroma, NEUTRAL_C, np.uint8),
        np.full(chroma, NEUTRAL_C, np.uint8),
        subsampling,
    )


def view_of(frame: av.VideoFrame) -> Surface:
    """The opaque surface that shares a planar 8-bit frame's memory."""
    y, u, v = (plane_view(frame, i) for i in range(3))
    return Surface(y, u, v, 1 if "444" in frame.format.name else 2, frame=frame)


def plane_view(frame: av.VideoFrame, index: int) -> Plane:
    """A writable height × width view of one 8-bit plane."""
    plane = frame.planes[index]
    rows: Plane = np.frombuffer(memoryview(plane), np.uint8)[: plane.line_size * plane.height]
    return rows.reshape(plane.height, plane.line_size)[:, : plane.width]


def new_frame(width: int, height: int, pixel_format: str) -> av.VideoFrame:
    """An uninitialised frame tagged BT.709, limited range."""
    frame = av.VideoFrame(width, height, pixel_format)
    tag_bt709(frame)
    return frame


def tag_bt709(frame: av.VideoFrame) -> None:
    frame.colorspace = 1
    frame.color_range = 1
    frame.color_primaries = 1
    frame.color_trc = 1
