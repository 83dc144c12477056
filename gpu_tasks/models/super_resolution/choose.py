"""Which set of weights suits a picture: the one for pristine pictures, or the one for compressed and noisy ones."""

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.step import Rgb
from gpu_tasks.timeline.sources import SourceInfo

Variant = Literal["clean", "robust"]

LOSSLESS_CODECS = frozenset(
    {"ffv1", "gif", "huffyuv", "ffvhuff", "png", "apng", "prores", "qtrle", "rawvideo", "utvideo"}
)
"""Video that kept what it was made from, or so nearly that the clean set gains more; all other video is compressed."""
MAX_CLEAN_NOISE = 2.5
"""Levels of 255, as `noise_deviation` finds them: below, the clean set gains more than the robust one."""
MAX_CLEAN_BLOCKINESS = 1.15
"""As `blockiness` finds it: JPEG of quality 95 mostly stays below, of 85 mostly lies above, and so do the gains."""
_BLOCK_PX = 8
_LEAST_BLOCKS = 4
# Immerkær, Fast noise variance estimation (1996): this mask answers neither to constants, slopes nor straight edges.
_NOISE_MASK = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_NOISE_GAIN = 6.0
_MEDIAN_OF_ABSOLUTE = 0.6745
_CALM_SHARE = 0.1


def choose(source: SourceInfo, first: Rgb) -> Variant:
    """The set for a source whose first frame this is."""
    if source.kind == "video" and source.video_codec not in LOSSLESS_CODECS:
        return "robust"
    luma = np.asarray(cv2.cvtColor(first, cv2.COLOR_RGB2GRAY), np.float32)
    compressed = blockiness(luma) > MAX_CLEAN_BLOCKINESS
    return "robust" if compressed or noise_deviation(luma) > MAX_CLEAN_NOISE else "clean"


def blockiness(luma: NDArray[np.float32]) -> float:
    """How much larger the steps across the borders of 8 × 8 blocks are than all others; 1 for untouched pictures.

    Third differences are compared, so that slopes and edges weigh little. 1 too where the picture is too small.
    """
    if min(luma.shape) < _LEAST_BLOCKS * _BLOCK_PX:
        return 1.0
    return max(_border_excess(luma), _border_excess(luma.T))


def _border_excess(luma: NDArray[np.float32]) -> float:
    bend = np.abs(luma[:, 3:] - 3 * luma[:, 2:-1] + 3 * luma[:, 1:-2] - luma[:, :-3])
    # Large values are edges of the picture itself; a median-like mean keeps them from deciding.
    bend = np.minimum(bend, 4 * np.median(bend) + 1)
    columns = bend.mean(axis=0)
    borders = columns[_BLOCK_PX - 2 :: _BLOCK_PX]
    others = np.delete(columns, np.s_[_BLOCK_PX - 2 :: _BLOCK_PX])
    return float((borders.mean() + 1e-3) / (others.mean() + 1e-3))


def noise_deviation(luma: NDArray[np.float32]) -> float:
    """The deviation of noise in levels of 255, from the calmest tenth of the picture's blocks."""
    height, width = (side // _BLOCK_PX * _BLOCK_PX for side in luma.shape)
    if min(height, width) < _LEAST_BLOCKS * _BLOCK_PX:
        return 0.0
    answer = np.abs(cv2.filter2D(luma, cv2.CV_32F, _NOISE_MASK))[:height, :width]
    blocks = answer.reshape(height // _BLOCK_PX, _BLOCK_PX, width // _BLOCK_PX, _BLOCK_PX)
    medians = np.sort(np.median(blocks, axis=(1, 3)), axis=None)
    calm = medians[: max(1, int(len(medians) * _CALM_SHARE))]
    return float(calm.mean() / _MEDIAN_OF_ABSOLUTE / _NOISE_GAIN)
