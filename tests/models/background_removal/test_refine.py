"""The guided filter is the one of the paper, and lays a rough coverage along the edges of the picture."""

import numpy as np
import pytest

from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.background_removal.refine import coefficients, refine
from gpu_tasks.models.step import Rgb

RADIUS_PX, EPSILON = 2, 1e-4


def by_definition(guide: Plane, coverage: Plane) -> Plane:
    """Equations 19 to 21 of the paper, window by window, for pixels whose windows lie inside."""
    height, width = coverage.shape
    slopes, offsets = np.zeros((height, width, 3)), np.zeros((height, width))
    for y in range(RADIUS_PX, height - RADIUS_PX):
        for x in range(RADIUS_PX, width - RADIUS_PX):
            window = slice(y - RADIUS_PX, y + RADIUS_PX + 1), slice(x - RADIUS_PX, x + RADIUS_PX + 1)
            colours, values = guide[window].reshape(-1, 3).astype(float), coverage[window].ravel().astype(float)
            covariance = np.cov(colours.T, bias=True) + EPSILON * np.eye(3)
            together = (colours * values[:, None]).mean(0) - colours.mean(0) * values.mean()
            slopes[y, x] = np.linalg.solve(covariance, together)
            offsets[y, x] = values.mean() - slopes[y, x] @ colours.mean(0)
    result = np.zeros((height, width))
    for y in range(2 * RADIUS_PX, height - 2 * RADIUS_PX):
        for x in range(2 * RADIUS_PX, width - 2 * RADIUS_PX):
            window = slice(y - RADIUS_PX, y + RADIUS_PX + 1), slice(x - RADIUS_PX, x + RADIUS_PX + 1)
            result[y, x] = slopes[window].mean((0, 1)) @ guide[y, x] + offsets[window].mean()
    return result.astype(np.float32)


def test_it_is_the_filter_of_the_paper() -> None:
    random = np.random.default_rng(1)
    guide, coverage = random.random((20, 24, 3), np.float32), random.random((20, 24), np.float32)
    slopes, offset = coefficients(guide, coverage, RADIUS_PX, EPSILON)
    found = offset + sum(slope * guide[..., index] for index, slope in enumerate(slopes))
    inside = (slice(2 * RADIUS_PX, -2 * RADIUS_PX),) * 2
    assert np.abs(found - by_definition(guide, coverage))[inside].max() < 1e-3


def disc(side_px: int, radius: float) -> Plane:
    rows, columns = np.indices((side_px, side_px)) / side_px - 0.5
    return (np.hypot(rows, columns) < radius).astype(np.float32)


def picture_of(shape: Plane) -> Rgb:
    random = np.random.default_rng(2)
    colours = np.where(shape[..., None] > 0, (200, 90, 40), (30, 60, 120)) + random.normal(0, 3, (*shape.shape, 3))
    return np.clip(colours, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("side_px", [300, 512, 1100])
def test_a_coverage_that_is_off_is_laid_along_the_edge(side_px: int) -> None:
    true, rough = disc(side_px, 0.30), disc(256, 0.293)
    found = refine(rough, picture_of(true))
    assert found.shape == true.shape
    error, before = float(np.abs(found - true).mean()), float(np.abs(disc(side_px, 0.293) - true).mean())
    assert error < 0.6 * before
    assert found[side_px // 2, side_px // 2] == 1
    assert found[0, 0] == 0


@pytest.mark.parametrize("value", [0.0, 1.0])
def test_what_is_sure_everywhere_stays(value: float) -> None:
    picture = np.random.default_rng(3).integers(0, 256, (90, 160, 3), np.uint8)
    assert (refine(np.full((64, 64), value, np.float32), picture) == value).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 2), (3, 5)])
def test_any_size_is_refined(shape: tuple[int, int]) -> None:
    found = refine(np.ones((16, 16), np.float32), np.zeros((*shape, 3), np.uint8))
    assert found.shape == shape
    assert (found == 1).all()
