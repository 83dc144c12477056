"""Coverage masks, held to their definitions and to the areas of their shapes."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import Executor, host

SHAPES = [(61, 46, 10.0), (200, 120, 30.0), (8, 8, 4.0), (1, 1, 0.5), (20, 3, 1.5), (30, 20, 0.2)]


@pytest.mark.parametrize(("width", "height", "radius_px"), SHAPES)
@pytest.mark.parametrize("subsampling", [1, 2])
def test_a_rounded_mask_is_antialiased_distance(
    executor: Executor, width: int, height: int, radius_px: float, subsampling: int
) -> None:
    found = executor.k.rounded_mask(width, height, radius_px, subsampling)
    expected = definition.rounded_mask(width, height, radius_px, subsampling)
    for mask, wanted in zip(found, expected, strict=True):
        executor.assert_close(mask, wanted)


@pytest.mark.parametrize(("width", "height", "radius_px"), SHAPES)
@pytest.mark.parametrize("width_px", [0.5, 3.0, 100.0])
@pytest.mark.parametrize("subsampling", [1, 2])
def test_a_ring_mask_is_antialiased_distance(
    executor: Executor, width: int, height: int, radius_px: float, width_px: float, subsampling: int
) -> None:
    found = executor.k.ring_mask(width, height, radius_px, width_px, subsampling)
    expected = definition.ring_mask(width, height, radius_px, width_px, subsampling)
    for mask, wanted in zip(found, expected, strict=True):
        executor.assert_close(mask, wanted)


def test_a_full_mask_covers_everything(executor: Executor) -> None:
    executor.assert_close(executor.k.full_mask(5, 3), definition.full_mask(5, 3), tolerance=0)


def test_a_rounded_mask_has_the_area_of_a_rounded_rectangle(executor: Executor) -> None:
    width, height, radius = 200, 120, 30
    mask, chroma = (host(plane) for plane in executor.k.rounded_mask(width, height, radius, 2))
    area = width * height - (4 - np.pi) * radius**2
    assert mask.sum() / 255 == pytest.approx(area, rel=1e-3)
    assert mask[0, 0] == 0
    assert mask[height // 2, 0] == 255
    assert chroma.shape == (60, 100)
