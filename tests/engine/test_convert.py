"""Decoded frames become surfaces in the right part, place and colours, whatever their pixel format."""

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from gpu_tasks.engine.convert import Converter, Target
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.timeline.transforms import Affine
from tests.media.make import quadrants

WIDTH, HEIGHT = 160, 120
CORNERS = {"red": (200, 30, 40), "green": (20, 180, 60), "blue": (30, 60, 210), "yellow": (230, 210, 20)}
FORMATS = ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "nv12", "gbrp", "rgb24", "rgba", "bgr24"]
BT601, BT709 = 5, 1


def stored(pixel_format: str, matrix: int) -> av.VideoFrame:
    """Four coloured quadrants in that format and matrix."""
    rgb = av.VideoFrame.from_ndarray(quadrants(WIDTH, HEIGHT), format="rgb24")
    is_rgb = pixel_format in ("gbrp", "rgb24", "rgba", "bgr24")
    full = is_rgb or pixel_format.startswith("yuvj")
    frame = VideoReformatter().reformat(
        rgb,
        format=pixel_format,
        src_color_range=2,
        dst_colorspace=None if is_rgb else matrix,
        dst_color_range=2 if full else 1,
        interpolation=0x46004,
    )
    frame.colorspace, frame.color_range = (0 if is_rgb else matrix), (2 if full else 1)
    return frame


def converted(frame: av.VideoFrame, source: tuple[float, float, float, float], subsampling: int) -> list[np.ndarray]:
    info = SourceInfo("video", "mp4", "video/mp4", 9, WIDTH, HEIGHT, has_video=True)
    place = Placement(80, 60, source, Affine())
    surface = Converter(info, Target(place, 80, 60, subsampling)).convert(frame)
    return [surface.y, surface.u, surface.v]


@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("matrix", [BT601, BT709])
@pytest.mark.parametrize("pixel_format", FORMATS)
def test_colours_survive_every_format_and_matrix(pixel_format: str, matrix: int, subsampling: int) -> None:
    planes = converted(stored(pixel_format, matrix), (0, 0, WIDTH, HEIGHT), subsampling)
    for name, (y, x) in {"red": (15, 20), "green": (15, 60), "blue": (45, 20), "yellow": (45, 60)}.items():
        step = [1, subsampling, subsampling]
        found = [int(plane[y // s, x // s]) for plane, s in zip(planes, step, strict=True)]
        assert np.abs(np.array(found) - yuv_of(*CORNERS[name])).max() <= 2, name


@pytest.mark.parametrize("pixel_format", FORMATS)
@pytest.mark.parametrize(
    ("source", "name"),
    [((0, 0, 80, 60), "red"), ((80, 0, 160, 60), "green"), ((0, 60, 80, 120), "blue"), ((80, 60, 160, 120), "yellow")],
)
def test_a_part_is_cut_exactly(pixel_format: str, source: tuple[float, float, float, float], name: str) -> None:
    planes = converted(stored(pixel_format, BT709), source, 2)
    wanted = yuv_of(*CORNERS[name])
    assert np.abs(planes[0].astype(int) - wanted[0]).max() <= 3
    # Chroma samples on the outer edge may have been mixed with their neighbours before the cut.
    assert np.abs(planes[1][2:-2, 2:-2].astype(int) - wanted[1]).max() <= 3


def test_what_needs_nothing_is_not_copied() -> None:
    frame = stored("yuv420p", BT709)
    info = SourceInfo("video", "mp4", "video/mp4", 9, WIDTH, HEIGHT, has_video=True)
    place = Placement(WIDTH, HEIGHT, (0, 0, WIDTH, HEIGHT), Affine())
    assert Converter(info, Target(place, WIDTH, HEIGHT, 2)).convert(frame).frame is frame
