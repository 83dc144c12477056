"""Pictures for tests: the displaced photograph of the benchmark, and frames to lay it into."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import cv2
import numpy as np

from benchmarks.gaze.portrait import Portrait
from gpu_tasks.models.step import Frame, Rect, Rgb

RATE = 30


def frames(pictures: Iterable[Rgb]) -> list[Frame]:
    """A clip of 30 frames a second."""
    return [Frame(rgb, None, Fraction(index, RATE)) for index, rgb in enumerate(pictures)]


def head_of(rgb: Rgb, scale: float = 3.0) -> Rgb:
    """The head of the astronaut, with some room around it."""
    left, top, size = (round(v * scale) for v in (130, 0, 180))
    return rgb[top : top + size, left : left + size]


def placed(size: tuple[int, int], pictures: Sequence[tuple[Rgb, tuple[int, int]]]) -> Rgb:
    """Pictures on grey, each with its left top corner; `size` is width and height."""
    frame = np.full((size[1], size[0], 3), 128, np.uint8)
    for picture, (left, top) in pictures:
        frame[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return frame


def outside(shape: tuple[int, ...], boxes: Iterable[Rect]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Where no box lies."""
    mask = np.ones(shape[:2], bool)
    for left, top, width, height in boxes:
        mask[top : top + height, left : left + width] = False
    return mask


def shut(picture: Rgb, portrait: Portrait) -> Rgb:
    """Both eyes closed: skin from above and below over the opening, and lashes along the lower lid."""
    mask = np.zeros(picture.shape[:2], np.uint8)
    lashes: list[np.ndarray[tuple[int, ...], np.dtype[np.int32]]] = []
    for eye in portrait.eyes:
        left, top, width, height = eye.box
        mask[top : top + height, left : left + width] = (eye.lids > 0.02) * 255
        lashes.append(np.round(eye.eye.lower[:, :2]).astype(np.int32))
    grown = cv2.dilate(mask, np.ones((9, 9), np.uint8))
    closed: Rgb = cv2.inpaint(picture, grown, 5, cv2.INPAINT_TELEA)
    cv2.polylines(closed, lashes, False, (70, 45, 30), 3, cv2.LINE_AA)
    return closed
