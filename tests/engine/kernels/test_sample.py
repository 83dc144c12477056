"""Warps and displacements, held to their definitions.

OpenCV rounds sample positions to 1/32 pixel; steep slopes show that. So smooth pictures are held to 2/255 in all but
a hundredth of their samples, and in the mean to 1/2.
"""

from typing import Any

import numpy as np
import pytest
import torch

from gpu_tasks.engine.kernels import cpu, definition
from gpu_tasks.timeline.transforms import Affine, Projective, rotation, scaling, tilting, translation
from tests.engine.kernels.planes import SHAPES, SIZE, TOLERANCE, Bytes, Executor, host, real, smooth, surface_planes


def assert_resampled(actual: Any, expected: torch.Tensor) -> None:
    difference = (real(host(actual)) - expected).abs()
    assert difference.shape == expected.shape
    assert difference.mean().item() <= 0.5
    assert difference.quantile(0.99).item() <= TOLERANCE


def picture(seed: int, *, hold_edges: bool, shape: tuple[int, int] = SIZE) -> Bytes:
    """Dark towards its edges where nothing lies beyond them: what falls off steeply is not what is measured."""
    values = smooth(seed, shape)
    if hold_edges:
        return values
    down, across = (np.sin(np.linspace(0, np.pi, length)) ** 0.5 for length in shape)
    return (values * down[:, None] * across[None, :]).astype(np.uint8)


MATRICES = [
    translation(0.5, 0.25),
    translation(-3.3, 7.8),
    translation(4, -6),
    translation(30.5, 0),
    translation(-200, 3.5),
    translation(0.25, 90),
    scaling(1.2, 1.2, about=(30, 23)),
    scaling(0.8, 0.6),
    rotation(30, about=(30, 20)),
    Affine(a=1.1, b=0.2, c=-4, d=-0.1, e=0.9, f=3),
]


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("hold_edges", [True, False])
def test_warp_resamples_bilinearly(executor: Executor, matrix: Affine, hold_edges: bool) -> None:
    values, size = picture(11, hold_edges=hold_edges), (50, 40)
    expected = definition.warp(real(values), matrix, size, hold_edges=hold_edges)
    plane = executor.put(values)
    assert_resampled(executor.k.warp(plane, matrix, size, hold_edges=hold_edges), expected)
    assert_resampled(executor.k.warp(plane, matrix, size, hold_edges=hold_edges, out=executor.out((40, 50))), expected)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("matrix", [translation(0.5, 0.5), scaling(2.5, 2.5), rotation(20, about=(1, 1))])
@pytest.mark.parametrize("hold_edges", [True, False])
def test_warp_takes_tiny_planes(executor: Executor, shape: tuple[int, int], matrix: Affine, hold_edges: bool) -> None:
    values = np.full(shape, 100, np.uint8)
    warped = executor.k.warp(executor.put(values), matrix, (5, 4), hold_edges=hold_edges)
    expected = definition.warp(real(values), matrix, (5, 4), hold_edges=hold_edges)
    # A position that is off by 1/64 changes what falls off a plane of one sample by as much of its value, twice.
    executor.assert_close(warped, expected, tolerance=2 + 100 / 32)


def test_a_warp_by_nothing_changes_nothing(executor: Executor) -> None:
    values = smooth(12)
    warped = executor.k.warp(executor.put(values), Affine(), SIZE[::-1], hold_edges=True)
    assert np.array_equal(host(warped), values)


@pytest.mark.parametrize("tilt", [(0, 0), (20, 0), (0, -35), (15, 25)])
@pytest.mark.parametrize(("hold_edges", "beyond"), [(True, 0), (False, 0)])
def test_project_looks_through_a_perspective(
    executor: Executor, tilt: tuple[float, float], hold_edges: bool, beyond: int
) -> None:
    values = picture(13, hold_edges=hold_edges)
    matrix = tilting(*tilt, about=(30.5, 23), camera_px=150)
    expected = definition.project(real(values), matrix, (61, 46), hold_edges=hold_edges, beyond=beyond)
    out = executor.out(SIZE)
    projected = executor.k.project(
        executor.put(values), matrix, (61, 46), hold_edges=hold_edges, out=out, beyond=beyond
    )
    assert_resampled(projected, expected)


def test_beyond_a_projected_picture_lies_what_is_wanted(executor: Executor) -> None:
    values = np.full(SIZE, 100, np.uint8)
    matrix = tilting(0, 60, about=(30.5, 23), camera_px=150)
    plane = executor.put(values)
    shown = host(executor.k.project(plane, matrix, (61, 46), hold_edges=False, out=executor.out(SIZE), beyond=128))
    assert shown[0, 0] == 128
    assert abs(int(shown[23, 30]) - 100) <= 1


def test_chroma_follows_luma_through_a_warp(executor: Executor) -> None:
    """A ramp that moves by (1, 1) in luma moves by half a sample in chroma, wherever the chroma samples sit."""
    ramp = np.tile(np.arange(0, 240, 4, dtype=np.uint8), (20, 1))
    matrix = executor.k.plane_matrix(translation(1, 1), 2)
    moved = host(executor.k.warp(executor.put(ramp), matrix, (60, 20), hold_edges=True))
    assert np.abs(moved[:, 1:].astype(int) - (ramp[:, 1:].astype(int) - 2)).max() <= 1


def test_a_scaled_chroma_plane_keeps_its_siting() -> None:
    """Zooming by 2 about luma point p leaves the chroma sample that sits on p where it is."""
    about = (2 * 10 + 0.5, 2 * 6 + 1.0)
    matrix = cpu.plane_matrix(scaling(2, 2, about=about), 2)
    assert matrix.apply(10.5, 6.5) == pytest.approx((10.5, 6.5))


def test_a_perspective_of_chroma_agrees_with_its_affine_kind() -> None:
    matrix = rotation(30, about=(20, 10))
    projective = cpu.plane_projective(Projective.of(matrix), 2)
    assert projective.apply(7, 3) == pytest.approx(cpu.plane_matrix(matrix, 2).apply(7, 3))


def waves(shape: tuple[int, int], strength_px: float) -> tuple[Any, Any]:
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    return (
        np.ascontiguousarray(np.sin(y / 3) * strength_px, np.float32),
        np.ascontiguousarray(np.cos(x / 4) * strength_px, np.float32),
    )


@pytest.mark.parametrize("grid", [SIZE, (12, 16), (1, 1)])
@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
@pytest.mark.parametrize("hold_edges", [True, False])
def test_displace_looks_elsewhere(
    executor: Executor, grid: tuple[int, int], subsampling: int, alpha: bool, hold_edges: bool
) -> None:
    planes = surface_planes(14, *SIZE, subsampling, alpha=alpha)
    dx, dy = waves(grid, 0.8)
    surface = executor.surface(*planes, subsampling=subsampling)
    blank = [None if plane is None else np.zeros_like(plane) for plane in planes]
    out = executor.surface(*blank, subsampling=subsampling)
    k = executor.k
    k.displace(surface, k.field(dx, dy, SIZE[::-1], subsampling), out, hold_edges=hold_edges)
    given = [real(plane) for plane in planes if plane is not None][: len(surface.every_plane())]
    field = definition.field(torch.from_numpy(dx), torch.from_numpy(dy), SIZE[::-1], subsampling)
    expected = definition.displace(given, field, hold_edges=hold_edges)
    for found, wanted in zip(out.every_plane(), expected, strict=True):
        # Where nothing lies beyond, the outermost samples fall off steeply.
        inner = np.s_[:, :] if hold_edges else np.s_[2:-2, 2:-2]
        assert_resampled(host(found)[inner], wanted[inner])


def test_a_field_may_reuse_the_memory_of_another(executor: Executor) -> None:
    k, planes = executor.k, surface_planes(15, *SIZE, 2, alpha=False)
    surface, out = executor.surface(*planes, subsampling=2), executor.surface(*planes, subsampling=2)
    first = k.field(*waves(SIZE, 2.0), SIZE[::-1], 2)
    still = np.zeros(SIZE, np.float32)
    k.displace(surface, k.field(still, still, SIZE[::-1], 2, out=first), out)
    for found, wanted in zip(out.every_plane(), planes, strict=False):
        assert np.array_equal(host(found), wanted)


def test_a_field_may_look_into_a_larger_picture(executor: Executor) -> None:
    """The field's size is that of the result; it looks at samples of a source of any size."""
    planes = surface_planes(16, *SIZE, 1, alpha=False)
    shift = np.full((20, 30), 12.0, np.float32)
    out = executor.surface(*(np.zeros((20, 30), np.uint8) for _ in range(3)), None, None, subsampling=1)
    field = executor.k.field(shift, shift, (30, 20), 1)
    executor.k.displace(executor.surface(*planes, subsampling=1), field, out)
    for found, whole in zip(out.every_plane(), planes, strict=False):
        assert whole is not None
        assert np.array_equal(host(found), whole[12:32, 12:42])
