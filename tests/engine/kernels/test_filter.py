"""Blurs, held to their definitions."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import SHAPES, TOLERANCE, Executor, host, noise, real, smooth

pytestmark = pytest.mark.slow

LARGE = (90, 131)
RIM_TOLERANCE = 4.0
"""What a wide disc may be off: its rim is a step, and it is blurred on a reduced copy."""


@pytest.mark.parametrize("sigma_px", [0.0, 0.4, 1.0, 1.9, 2.0, 2.5, 6.5, 7.9, 12.0, 19.9, 21.5])
@pytest.mark.parametrize("hold_edges", [True, False])
@pytest.mark.parametrize("paint", [noise, smooth])
def test_gaussian_weighs_neighbours(executor: Executor, sigma_px: float, hold_edges: bool, paint: object) -> None:
    assert callable(paint)
    values = paint(1, LARGE)
    expected = definition.gaussian(real(values), sigma_px, hold_edges=hold_edges)
    blurred = executor.k.gaussian(executor.put(values), sigma_px, hold_edges=hold_edges, out=executor.out(LARGE))
    executor.assert_close(blurred, expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("sigma_px", [1.5, 30.0])
@pytest.mark.parametrize("hold_edges", [True, False])
def test_gaussian_takes_tiny_planes(
    executor: Executor, shape: tuple[int, int], sigma_px: float, hold_edges: bool
) -> None:
    values = noise(2, shape)
    expected = definition.gaussian(real(values), sigma_px, hold_edges=hold_edges)
    blurred = executor.k.gaussian(executor.put(values), sigma_px, hold_edges=hold_edges, out=executor.out(shape))
    executor.assert_close(blurred, expected)


@pytest.mark.parametrize("sigma_px", [5.0, 9.0, 17.0])
def test_a_wide_blur_moves_nothing(executor: Executor, sigma_px: float) -> None:
    """The centre of gravity of a spot stays where it is, wherever the spot lies between reduced samples."""
    shape = (191, 230)
    for x, y in ((110, 95), (111, 96), (113, 94)):
        values = np.zeros(shape, np.uint8)
        values[y - 20 : y + 21, x - 20 : x + 21] = 255
        blurred = host(executor.k.gaussian(executor.put(values), sigma_px, hold_edges=False, out=executor.out(shape)))
        rows, columns = np.indices(shape)
        weights = blurred.astype(float)
        assert (weights * columns).sum() / weights.sum() == pytest.approx(x, abs=0.1)
        assert (weights * rows).sum() / weights.sum() == pytest.approx(y, abs=0.1)


@pytest.mark.parametrize("sigma_px", [2.0, 6.0, 20.0])
def test_a_blur_keeps_an_even_plane_even(executor: Executor, sigma_px: float) -> None:
    values = np.full(LARGE, 133, np.uint8)
    blurred = executor.k.gaussian(executor.put(values), sigma_px, hold_edges=True, out=executor.out(LARGE))
    assert np.array_equal(host(blurred), values)


@pytest.mark.parametrize("radii", [(0, 0), (1, 0), (0, 3), (4, 2), (40, 70)])
@pytest.mark.parametrize("hold_edges", [True, False])
@pytest.mark.parametrize("shape", SHAPES)
def test_box_means(executor: Executor, radii: tuple[int, int], hold_edges: bool, shape: tuple[int, int]) -> None:
    values = noise(3, shape)
    expected = definition.box(real(values), *radii, hold_edges=hold_edges)
    blurred = executor.k.box(executor.put(values), *radii, hold_edges=hold_edges, out=executor.out(shape))
    executor.assert_close(blurred, expected)


@pytest.mark.parametrize("radius_px", [0.5, 0.8, 1.5, 4.0, 9.9, 12.5, 23.0])
@pytest.mark.parametrize("hold_edges", [True, False])
def test_disc_means_what_a_lens_means(executor: Executor, radius_px: float, hold_edges: bool) -> None:
    values = smooth(4, LARGE)
    expected = definition.disc(real(values), radius_px, hold_edges=hold_edges)
    blurred = executor.k.disc(executor.put(values), radius_px, hold_edges=hold_edges, out=executor.out(LARGE))
    executor.assert_close(blurred, expected, TOLERANCE if radius_px < 10 else RIM_TOLERANCE)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("radius_px", [2.0, 30.0])
@pytest.mark.parametrize("hold_edges", [True, False])
def test_disc_takes_tiny_planes(executor: Executor, shape: tuple[int, int], radius_px: float, hold_edges: bool) -> None:
    values = smooth(5, shape)
    expected = definition.disc(real(values), radius_px, hold_edges=hold_edges)
    blurred = executor.k.disc(executor.put(values), radius_px, hold_edges=hold_edges, out=executor.out(shape))
    executor.assert_close(blurred, expected, TOLERANCE if radius_px < 10 else RIM_TOLERANCE)
