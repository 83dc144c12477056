"""Steps that are simple enough to know what must come out, and ways to look at what did."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from gpu_tasks.media.decode import VideoReader
from gpu_tasks.media.probe import probe
from gpu_tasks.media.rewrite import Rewritten, rewrite
from gpu_tasks.media.rewrite_planes import plane_of
from gpu_tasks.models.step import Frame, Rect, Step

Pixels = NDArray[np.uint8]
SEEN = 3


@dataclass
class Same:
    """Gives frames as they are, and says so (`changed` ()), or that everything may have changed (None).

    `seen` are the first ones that it got.
    """

    changed: tuple[Rect, ...] | None = ()
    held_back: int = 0
    seen: list[Frame] = field(default_factory=list)
    is_closed: bool = False

    def size(self, width: int, height: int) -> tuple[int, int]:
        return width, height

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        held: deque[Frame] = deque()
        try:
            for frame in frames:
                self.seen = [*self.seen, frame][:SEEN]
                held.append(frame)
                if len(held) > self.held_back:
                    yield self.made(held.popleft())
            for frame in held:
                yield self.made(frame)
        finally:
            self.is_closed = True

    def made(self, frame: Frame) -> Frame:
        return replace(frame, changed=self.changed)


@dataclass
class Inverted(Same):
    """White becomes black."""

    changed: tuple[Rect, ...] | None = None

    def made(self, frame: Frame) -> Frame:
        return replace(frame, rgb=255 - frame.rgb, changed=self.changed)


@dataclass
class Doubled(Same):
    """Every pixel becomes `factor`² of them."""

    factor: int = 2

    def size(self, width: int, height: int) -> tuple[int, int]:
        return self.factor * width, self.factor * height

    def made(self, frame: Frame) -> Frame:
        alpha = None if frame.alpha is None else self._larger(frame.alpha)
        return Frame(self._larger(frame.rgb), alpha, frame.time_s)

    def _larger(self, picture: Pixels) -> Pixels:
        return picture.repeat(self.factor, 0).repeat(self.factor, 1)


@dataclass
class Cut(Same):
    """Lets only the left half be seen."""

    def made(self, frame: Frame) -> Frame:
        alpha = np.zeros(frame.rgb.shape[:2], np.uint8)
        alpha[:, : alpha.shape[1] // 2] = 255
        return replace(frame, alpha=alpha, changed=None)


def run(source: Path, output: Path, step: Step) -> Rewritten:
    """Rewrite a source by a step."""
    return rewrite(source, probe(source), output, step)


def shown(path: Path) -> list[tuple[Fraction, av.VideoFrame]]:
    """The frames of a film and their times."""
    with VideoReader(path, path.name, alpha=probe(path).has_alpha) as reader:
        return [(shot.time_s, shot.frame) for shot in reader.shots()]


def times(path: Path) -> list[Fraction]:
    return [time_s for time_s, _ in shown(path)]


def planes(frame: av.VideoFrame) -> list[Pixels]:
    """Copies of the planes of an 8-bit frame."""
    return [plane_of(frame, index).copy() for index in range(len(frame.planes))]


def rgb(frame: av.VideoFrame) -> NDArray[np.int64]:
    """H×W×3 by the frame's own tags."""
    pixels = VideoReformatter().reformat(frame, format="rgb24", src_colorspace=frame.colorspace, dst_color_range=2)
    return pixels.to_ndarray().astype(np.int64)


def make_colour_clip(path: Path, pixels: Pixels, *, matrix: int, full_range: bool = False, frames: int = 3) -> Path:
    """A clip of one picture, stored 4:2:0 by that matrix (FFmpeg's number; 2 leaves it untold) and range."""
    colour_range = 2 if full_range else 1
    stored_by = matrix if matrix != 2 else 5
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=25, options={"qp": "4", "preset": "ultrafast"})
        video.height, video.width = pixels.shape[:2]
        video.pix_fmt = "yuv420p"
        context = video.codec_context
        context.colorspace, context.color_range = matrix, colour_range
        context.color_primaries = context.color_trc = 1 if matrix == 1 else 6
        for index in range(frames):
            frame = VideoReformatter().reformat(
                av.VideoFrame.from_ndarray(pixels, format="rgb24"),
                format="yuv420p",
                src_color_range=2,
                dst_colorspace=stored_by,
                dst_color_range=colour_range,
                interpolation=0x46004,
            )
            frame.colorspace, frame.color_range = matrix, colour_range
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path
