"""Frames of a film, evenly spread over it. Bounded work, however long the film is and however it was stored."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import ColorRange, Interpolation, VideoReformatter

from gpu_tasks.media.colours import UNSPECIFIED, colours_of
from gpu_tasks.media.decode import VideoReader
from gpu_tasks.previews.pictures import POSTER_SIDE_PX, Pixels, fitted, grounded, premultiplied
from gpu_tasks.timeline.sources import SourceInfo

SAMPLES = 12
DECODED_PIXELS = 300 * 10**6
"""How much is decoded at most to reach a sample from the keyframe before it: 5 seconds of 1080p at 30 fps."""
FEWEST_FRAMES = 8
_THREADS = 2
_MATRICES = frozenset({1, 4, 5, 6, 7, 9, 10})


def samples(path: Path, info: SourceInfo) -> list[Pixels]:
    """Up to 12 frames (H×W×3, at most 640 pixels a side), each from the middle of an equal part of the film.

    A film of fewer frames gives each of them once. Raises JobFailed.
    """
    most_frames = max(FEWEST_FRAMES, DECODED_PIXELS // max(1, info.width * info.height))
    view = View(info)
    with VideoReader(path, "the film", threads=_THREADS, alpha=info.has_alpha) as reader:
        shots = (reader.shot_near(time_s, most_frames) for time_s in sample_times(info))
        shown = [view.show(shot.frame) for shot in shots]
    return shown


def sample_times(info: SourceInfo) -> list[Fraction]:
    """The middles of equal parts of the film, in seconds."""
    duration_s = info.duration_s or Fraction(0)
    frames = round(duration_s * info.frame_rate) if info.frame_rate else SAMPLES
    count = min(SAMPLES, max(1, frames))
    return [duration_s * (2 * part + 1) / (2 * count) for part in range(count)]


class View:
    """Turns decoded frames of one source upright, into small R'G'B' on a ground."""

    def __init__(self, info: SourceInfo) -> None:
        width, height = fitted(info.width, info.height, POSTER_SIDE_PX)
        self._size = (height, width) if info.rotation in (90, 270) else (width, height)
        self._quarter_turns = info.rotation // 90
        self._has_alpha = info.has_alpha
        self._reformatter = VideoReformatter()

    def show(self, frame: av.VideoFrame) -> Pixels:
        """H×W×3."""
        matrix, colour_range = _conversion(frame)
        converted = self._reformatter.reformat(
            frame,
            *self._size,
            "rgba" if self._has_alpha else "rgb24",
            src_colorspace=matrix,
            src_color_range=colour_range,
            dst_color_range=ColorRange.JPEG,
            interpolation=Interpolation.AREA | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT,
        )
        stored = np.asarray(converted.to_ndarray(), dtype=np.uint8)
        upright = np.ascontiguousarray(np.rot90(stored, -self._quarter_turns))
        return grounded(premultiplied(upright)) if self._has_alpha else upright


def _conversion(frame: av.VideoFrame) -> tuple[int | None, int]:
    """Matrix (None: RGB) and range by which a frame is converted; a matrix that swscale does not know is guessed."""
    matrix, colour_range = colours_of(frame)
    if matrix is None or matrix in _MATRICES:
        return matrix, colour_range
    frame.colorspace = UNSPECIFIED
    return colours_of(frame)
