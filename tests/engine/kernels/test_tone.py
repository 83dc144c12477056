"""Functions of code values, held to their definitions."""

import numpy as np
import pytest
import torch

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import SHAPES, SIZE, Executor, noise, real


@pytest.mark.parametrize("shape", SHAPES)
def test_lut_is_exact(executor: Executor, shape: tuple[int, int]) -> None:
    values, table = noise(1, shape), noise(2, (256,))
    expected = definition.lut(real(values), real(table))
    plane = executor.put(values)
    executor.assert_close(executor.k.lut(plane, executor.put(table)), expected, tolerance=0)
    executor.assert_close(executor.k.lut(plane, executor.put(table), plane), expected, tolerance=0)


@pytest.mark.parametrize(
    ("weights", "offset"),
    [((1.0,), 0.0), ((-1.0,), 255.0), ((0.3, 0.6, 0.1), 0.0), ((5.0, -4.0), 3.5), ((0.2, 0.2, 0.2, 0.4), -10.25)],
)
@pytest.mark.parametrize("shape", SHAPES)
def test_weigh_sums(executor: Executor, weights: tuple[float, ...], offset: float, shape: tuple[int, int]) -> None:
    planes = [noise(seed, shape) for seed in range(len(weights))]
    expected = definition.weigh([real(plane) for plane in planes], weights, offset)
    given = [executor.put(plane) for plane in planes]
    executor.assert_close(executor.k.weigh(given, weights, offset, executor.out(shape)), expected, tolerance=1)
    executor.assert_close(executor.k.weigh(given, weights, offset, given[0]), expected, tolerance=1)


MATRICES = {
    "identity": np.eye(3, 4),
    "saturation 3": np.array([[1, 0, 0, 0], [0, 3, 0, -256], [0, 0, 3, -256]], np.float64),
    "hue": np.array([[0.9, 0.3, -0.2, 3.3], [0.1, 0.7, 0.7, -20], [0.05, -0.7, 0.7, 128]], np.float64),
    "steep": np.array([[12.5, -6, -5.5, 40], [-7.25, 9, -0.75, 0], [0.01, 0.02, 0.97, -0.5]], np.float64),
}


@pytest.mark.parametrize("name", MATRICES)
@pytest.mark.parametrize("shape", SHAPES)
def test_matrix_weighs_three_planes_three_times(executor: Executor, name: str, shape: tuple[int, int]) -> None:
    planes = [noise(seed, shape) for seed in (3, 4, 5)]
    expected = definition.matrix((real(planes[0]), real(planes[1]), real(planes[2])), MATRICES[name])
    y, u, v = (executor.put(plane) for plane in planes)
    turned = executor.k.matrix((y, u, v), MATRICES[name], (y, u, v))
    for plane, wanted in zip(turned, expected, strict=True):
        executor.assert_close(plane, wanted)


def test_grain_is_added_and_clipped(executor: Executor) -> None:
    values = noise(6)
    grain = np.random.default_rng(7).integers(-80, 81, SIZE).astype(np.int16)
    expected = definition.add_grain(real(values), torch.from_numpy(grain))
    given = executor.k.upload(grain)
    executor.assert_close(executor.k.add_grain(executor.put(values), given, executor.out(SIZE)), expected, tolerance=0)


@pytest.mark.parametrize(("scale", "offset"), [(255.0, 0.0), (-40.0, 300.0), (2000.0, -900.5)])
def test_ramp_turns_a_field_into_a_mask(executor: Executor, scale: float, offset: float) -> None:
    field = np.random.default_rng(8).random(SIZE, np.float32)
    expected = definition.ramp(real(field), scale, offset)
    executor.assert_close(executor.k.ramp(executor.k.upload(field), scale, offset, executor.out(SIZE)), expected, 1)
