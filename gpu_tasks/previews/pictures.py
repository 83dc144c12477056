"""Pictures of previews: sizes, the ground under transparency, files."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed

POSTER_SIDE_PX = 640
"""The longer side of a poster at most."""
STRIP_SIDE_PX = 240
"""The longer side of a frame in a strip at most."""
GROUND_CELL_PX = 16
GROUND_LIGHT, GROUND_DARK = 236, 208
"""Greys of the checkerboard under what is transparent: the usual sign for it, calm beside any colour."""

Pixels = NDArray[np.uint8]


def fitted(width: int, height: int, side_px: int) -> tuple[int, int]:
    """The size within a square of `side_px` that keeps the proportions; nothing is enlarged, no side is 0."""
    scale = min(1.0, side_px / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrunk(picture: Pixels, side_px: int) -> Pixels:
    """A picture (H×W×channels, alpha premultiplied) within a square, every pixel the mean of what it covers."""
    height, width = picture.shape[:2]
    size = fitted(width, height, side_px)
    if size == (width, height):
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def grounded(premultiplied: Pixels) -> Pixels:
    """H×W×4 with premultiplied alpha as H×W×3 on a checkerboard."""
    height, width = premultiplied.shape[:2]
    clear = 255 - premultiplied[..., 3:].astype(np.uint16)
    below = _checkerboard(width, height)[..., None].astype(np.uint16) * clear
    return np.minimum(premultiplied[..., :3] + (below + 127) // 255, 255).astype(np.uint8)


def premultiplied(straight: Pixels) -> Pixels:
    """H×W×4, straight alpha, as the same with premultiplied alpha."""
    colours = cv2.multiply(straight[..., :3], cv2.merge([straight[..., 3]] * 3), scale=1 / 255)
    return np.dstack([colours, straight[..., 3]])


def _checkerboard(width: int, height: int) -> Pixels:
    cells = (np.arange(height)[:, None] // GROUND_CELL_PX + np.arange(width) // GROUND_CELL_PX) % 2
    return np.where(cells == 0, GROUND_LIGHT, GROUND_DARK).astype(np.uint8)


def poster_of(picture: Pixels) -> Pixels:
    return shrunk(picture, POSTER_SIDE_PX)


def strip_of(frames: Sequence[Pixels]) -> Pixels:
    """Frames of equal size side by side."""
    return np.hstack([shrunk(frame, STRIP_SIDE_PX) for frame in frames])


def write_jpeg(path: Path, rgb: Pixels, quality: int) -> None:
    """Write H×W×3; `quality` is 0-100."""
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
    _write(path, ".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), options)


def write_png(path: Path, rgba: Pixels) -> None:
    """Write H×W×4, straight alpha."""
    _write(path, ".png", cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def _write(path: Path, form: str, picture: NDArray[np.generic], options: list[int]) -> None:
    is_encoded, data = cv2.imencode(form, picture, options)
    if not is_encoded:
        raise JobFailed("encode_failed", f"the {path.stem} of {picture.shape} could not be encoded")
    path.write_bytes(data.tobytes())
