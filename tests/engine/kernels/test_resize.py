"""Other sizes and sitings of a plane, held to their definitions."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import SHAPES, SIZE, Executor, host, noise, real, smooth


@pytest.mark.parametrize("size", [(30, 23), (20, 10), (61, 46), (1, 1), (61, 5), (3, 46)])
def test_shrink_averages_areas(executor: Executor, size: tuple[int, int]) -> None:
    values = noise(13)
    expected = definition.shrink(real(values), size)
    plane = executor.put(values)
    executor.assert_close(executor.k.shrink(plane, size), expected)
    executor.assert_close(executor.k.shrink(plane, size, executor.out(size[::-1])), expected)


ENLARGEMENTS = [
    (shape, size)
    for shape in [*SHAPES, (46, 5)]
    for size in [(61, 46), (122, 92), (100, 61), (245, 47)]
    if shape[0] <= size[1] and shape[1] <= size[0]
]


@pytest.mark.parametrize("smooth", [True, False])
@pytest.mark.parametrize(("shape", "size"), ENLARGEMENTS)
def test_enlarge_interpolates_or_repeats(
    executor: Executor, size: tuple[int, int], smooth: bool, shape: tuple[int, int]
) -> None:
    values = noise(14, shape)
    expected = definition.enlarge(real(values), size, smooth=smooth)
    plane = executor.put(values)
    executor.assert_close(executor.k.enlarge(plane, size, smooth=smooth), expected, 2.0 if smooth else 0.0)


@pytest.mark.parametrize("cell_px", [1, 4, 7.3, 100])
def test_mosaic_shows_the_mean_of_every_cell(executor: Executor, cell_px: float) -> None:
    values = noise(15)
    edges_y, edges_x = (_edges(length, cell_px) for length in SIZE)
    expected = definition.mosaic(real(values), edges_x, edges_y)
    shown = executor.k.mosaic(executor.put(values), edges_x, edges_y, executor.out(SIZE))
    executor.assert_close(shown, expected, tolerance=1)


def _edges(length: int, cell_px: float) -> "np.ndarray[tuple[int], np.dtype[np.intp]]":
    inner = np.arange(cell_px, length, cell_px).round()
    return np.unique(np.concatenate([[0], inner, [length]])).astype(np.intp)


@pytest.mark.parametrize("shape", [*SHAPES, (46, 60)])
def test_subsample_is_left_sited(executor: Executor, shape: tuple[int, int]) -> None:
    values = noise(12, shape)
    expected = definition.subsample(real(values))
    plane = executor.put(values)
    executor.assert_close(executor.k.subsample(plane), expected)
    target = executor.out((-(-shape[0] // 2), -(-shape[1] // 2)))
    executor.assert_close(executor.k.subsample(plane, target), expected)


@pytest.mark.parametrize("shape", [*SHAPES, (46, 60)])
def test_upsample_interpolates_between_left_sited_samples(executor: Executor, shape: tuple[int, int]) -> None:
    values = noise(16, (-(-shape[0] // 2), -(-shape[1] // 2)))
    expected = definition.upsample(real(values), shape[::-1])
    shown = executor.k.upsample(executor.put(values), shape[::-1], executor.out(shape))
    executor.assert_close(shown, expected, tolerance=1)


def test_a_ramp_goes_to_half_size_and_back_unmoved(executor: Executor) -> None:
    """Linear slopes survive both filters exactly when their sitings agree."""
    y, x = np.mgrid[:40, :60]
    values = (20 + 2 * x + y).astype(np.uint8)
    half = executor.k.subsample(executor.put(values))
    whole = host(executor.k.upsample(half, (60, 40), executor.out((40, 60))))
    inner = np.s_[2:-2, 2:-2]
    assert np.abs(whole[inner].astype(int) - values[inner].astype(int)).max() <= 1


def test_chroma_keeps_its_mean_on_the_way_to_half_size_and_back(executor: Executor) -> None:
    values = smooth(17, (200, 300))
    half = executor.k.subsample(executor.put(values))
    whole = host(executor.k.upsample(half, (300, 200), executor.out((200, 300))))
    assert whole.mean() == pytest.approx(values.mean(), abs=0.3)
