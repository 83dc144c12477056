"""Rotation about x and y against OpenCV in float: corners turned in space, and the picture drawn between them."""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import planes_of
from benchmarks.verify.pictures import Picture, smooth
from gpu_tasks.engine.kernels.colour import RGB_TO_YUV_709
from gpu_tasks.engine.render import FrameSource
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.request import RenderRequest
from gpu_tasks.timeline.sources import SourceInfo

ANGLES_DEG = ((0.0, 40.0), (35.0, 0.0), (-20.0, 30.0), (50.0, -65.0))
Values = NDArray[np.float32]


def findings(size: Size) -> Iterator[Finding]:
    picture = smooth(size)
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        path = Path(folder) / "picture.png"
        cv2.imwrite(str(path), picture[..., ::-1])
        info = probe(path)
        for x_degrees, y_degrees in ANGLES_DEG:
            ours = _rendered(path, info, size, x_degrees, y_degrees)
            theirs, covered = _drawn(picture, x_degrees, y_degrees)
            # Along the outline coverage is a matter of taste: what counts is where the picture itself comes to lie.
            operation = f"rotation by {x_degrees:g}°, {y_degrees:g}°"
            shown = [plane[covered] for plane in ours], [plane[covered] for plane in theirs]
            yield alike(operation, "OpenCV, in float", *shown)


def _rendered(path: Path, info: SourceInfo, size: Size, x_degrees: float, y_degrees: float) -> list[NDArray[np.uint8]]:
    """The planes of the only frame of a film that shows the tilted picture."""
    url = "https://a.test/picture.png"
    element = {"type": "image", "id": "a", "duration": 1, "source_url": url}
    tilt = {"x_rotation": x_degrees, "y_rotation": y_degrees}
    film = {"width": size[0], "height": size[1], "output_format": "png", "elements": [{**element, **tilt}]}
    plan = make_plan(RenderRequest.model_validate(film), {url: info})
    frame = next(iter(FrameSource(plan, {url: path}, "yuv444p")))
    return [plane.copy() for plane in planes_of(frame)]


def _drawn(picture: Picture, x_degrees: float, y_degrees: float) -> tuple[list[Values], NDArray[np.bool_]]:
    """Y, U, V of the tilted picture on black, and where it covers with all its neighbours."""
    height, width = picture.shape[:2]
    corners = [(0, 0), (width, 0), (width, height), (0, height)]
    seen = [_seen(x - width / 2, y - height / 2, x_degrees, y_degrees, width) for x, y in corners]
    target = np.array(seen, np.float32) + np.array([width / 2, height / 2], np.float32)
    # Samples lie at the centres of pixels.
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    matrix = np.linalg.inv(half) @ cv2.getPerspectiveTransform(np.array(corners, np.float32), target) @ half
    weights = RGB_TO_YUV_709 * np.array([1, 1, 1, 255])
    yuv = picture.astype(np.float32) @ weights[:, :3].T.astype(np.float32) + weights[:, 3].astype(np.float32)
    drawn = cv2.warpPerspective(yuv, matrix, (width, height), flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, (width, height))
    covered = cv2.erode((cover > 0.999).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    return [drawn[..., i] for i in range(3)], covered


def _seen(x: float, y: float, x_degrees: float, y_degrees: float, camera_px: float) -> tuple[float, float]:
    """A point of the picture's plane, turned about x, then about y, seen from `camera_px` before the canvas."""
    a, b = math.radians(x_degrees), math.radians(y_degrees)
    y, z = y * math.cos(a), y * math.sin(a)
    x, z = x * math.cos(b) + z * math.sin(b), z * math.cos(b) - x * math.sin(b)
    factor = camera_px / (camera_px - z)
    return x * factor, y * factor
