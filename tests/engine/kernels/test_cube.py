"""Tables of three code values, held to their definition."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import SHAPES, Executor, noise, real, smooth


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("nodes", [9, 33, 65])
@pytest.mark.parametrize("channels", [1, 2, 3])
def test_a_table_is_looked_up(executor: Executor, shape: tuple[int, int], nodes: int, channels: int) -> None:
    table = np.stack([smooth(i, (256 * nodes, nodes)) for i in range(channels)], -1).reshape(256, nodes, nodes, -1)
    planes = [noise(seed, shape) for seed in (1, 2, 3)]
    expected = definition.lut3d((real(planes[0]), real(planes[1]), real(planes[2])), real(table))
    first, second, third = (executor.put(plane) for plane in planes)
    out = [executor.out(shape) for _ in range(channels)]
    found = executor.k.lut3d((first, second, third), executor.put(table), out)
    for plane, wanted in zip(found, expected, strict=True):
        executor.assert_close(plane, wanted)


def test_a_table_is_exact_in_its_first_plane_and_at_its_nodes(executor: Executor) -> None:
    table = noise(4, (256, 33, 33, 1))
    first = noise(5, (8, 256))
    second, third = (noise(seed, (8, 256)) // 8 * 8 for seed in (6, 7))
    expected = table[first, second // 8, third // 8, 0]
    planes = (executor.put(first), executor.put(second), executor.put(third))
    executor.assert_close(
        executor.k.lut3d(planes, executor.put(table), [executor.out((8, 256))])[0], real(expected), tolerance=0
    )


def test_many_rows_are_looked_up_like_few(executor: Executor) -> None:
    table = smooth(8, (256 * 9, 9)).reshape(256, 9, 9, 1)
    planes = [noise(seed, (150, 3)) for seed in (1, 2, 3)]
    expected = definition.lut3d((real(planes[0]), real(planes[1]), real(planes[2])), real(table))[0]
    first, second, third = (executor.put(plane) for plane in planes)
    found = executor.k.lut3d((first, second, third), executor.put(table), [first])[0]
    executor.assert_close(found, expected)
