"""Filters that are too wide to be run at full size: run on a reduced copy, which is enlarged again."""

from collections.abc import Callable

import cv2
import numpy as np

from gpu_tasks.engine.kernels.cpu.spare import spare
from gpu_tasks.engine.surface import Plane


def on_reduced(plane: Plane, step: int, border: int, run: Callable[[Plane, Plane], Plane], out: Plane) -> Plane:
    """Filter the means of step × step samples with `run(source, out)` and interpolate between the results.

    `border` is OpenCV's mode for what lies outside. The caller takes off the variance that this adds: step²/12 of the
    reduction's box and step²/6 of the enlargement's triangle.
    """
    height, width = plane.shape
    # A margin all round: half a reduced sample inside of the edges, what lies outside still shows through.
    sides = (step, step - height % -step, step, step - width % -step)
    shape = (sides[0] + height + sides[1], sides[2] + width + sides[3])
    wide = cv2.copyMakeBorder(plane, *sides, border, dst=spare(shape, np.uint8, 0), value=0)
    reduced = (shape[0] // step, shape[1] // step)
    small = cv2.resize(wide, reduced[::-1], dst=spare(reduced, np.uint8, 1), interpolation=cv2.INTER_AREA)
    filtered = run(small, spare(reduced, np.uint8, 2))
    large = cv2.resize(filtered, shape[::-1], dst=wide, interpolation=cv2.INTER_LINEAR)
    np.copyto(out, large[step : step + height, step : step + width])
    return out
