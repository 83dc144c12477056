"""Every CPU kernel stays within 2/255 of its float definition."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import cpu, definition
from gpu_tasks.timeline.transforms import Affine, rotation, scaling, translation

TOLERANCE = 2.0
SIZE = (46, 61)


def plane(seed: int, shape: tuple[int, ...] = SIZE) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def smooth(seed: int) -> NDArray[np.uint8]:
    """A picture without single-pixel noise, as bilinear fixed-point weights are compared on."""
    small = np.random.default_rng(seed).integers(0, 256, (6, 8), dtype=np.uint8)
    return cpu.resize_rgba(small, SIZE[1], SIZE[0])


def real(values: NDArray[np.uint8]) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).float()


def assert_close(actual: NDArray[np.uint8], expected: torch.Tensor) -> None:
    difference = (real(actual) - expected.clamp(0, 255)).abs().max().item()
    assert difference <= TOLERANCE


def test_over_adds_what_shines_through() -> None:
    alpha = plane(1)
    above = (plane(2).astype(np.uint16) * alpha // 255).astype(np.uint8)
    below = plane(3)
    expected = definition.over(real(below), real(above), real(alpha))
    cpu.over(below, above, alpha)
    assert_close(below, expected)


@pytest.mark.parametrize("amount", [0.0, 0.3, 0.5, 1.0])
def test_fade_and_mix_weigh_linearly(amount: float) -> None:
    first, second = plane(4), plane(5)
    assert_close(cpu.fade(first, amount), definition.fade(real(first), amount))
    assert_close(cpu.mix(first, second, amount), definition.mix(real(first), real(second), amount))


def test_multiply_and_divide_undo_each_other_where_alpha_is_high() -> None:
    values, alpha = plane(6), np.maximum(plane(7), 128)
    product = cpu.multiply(values, alpha)
    assert_close(product, definition.multiply(real(values), real(alpha)))
    assert_close(cpu.divide(product, alpha, np.empty_like(product)), definition.divide(real(product), real(alpha)))


def test_divide_gives_zero_where_alpha_is_zero() -> None:
    assert not cpu.divide(plane(8), np.zeros(SIZE, np.uint8), np.empty(SIZE, np.uint8)).any()


@pytest.mark.parametrize("value", [16, 128])
@pytest.mark.parametrize("with_alpha", [True, False])
def test_toward_mixes_with_a_constant(value: int, with_alpha: bool) -> None:
    alpha = plane(9) if with_alpha else None
    values = plane(10) if alpha is None else np.minimum(plane(10), alpha)
    expected = definition.toward(real(values), None if alpha is None else real(alpha), value, 0.4)
    assert_close(cpu.toward(values, alpha, value, 0.4, np.empty_like(values)), expected)


@pytest.mark.parametrize(
    "matrix",
    [
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
    ],
)
@pytest.mark.parametrize("hold_edges", [True, False])
def test_warp_resamples_bilinearly(matrix: Affine, hold_edges: bool) -> None:
    picture = smooth(11)
    if not hold_edges:
        picture[[0, -1], :] = 0
        picture[:, [0, -1]] = 0
    size = (50, 40)
    actual = cpu.warp(picture, matrix, size, hold_edges=hold_edges)
    expected = definition.warp(real(picture), matrix, size, hold_edges=hold_edges)
    # OpenCV rounds sample positions to 1/32 pixel; steep slopes show that, so the mean is held and the worst bounded.
    difference = (real(actual) - expected).abs()
    assert difference.mean().item() <= 0.5
    assert difference.quantile(0.99).item() <= TOLERANCE


def test_chroma_follows_luma_through_a_warp() -> None:
    """A ramp that moves by (1, 1) in luma moves by half a sample in chroma, wherever the chroma samples sit."""
    ramp = np.tile(np.arange(0, 240, 4, dtype=np.uint8), (20, 1))
    moved = cpu.warp(ramp, cpu.plane_matrix(translation(1, 1), 2), (60, 20), hold_edges=True)
    assert np.abs(moved[:, 1:].astype(int) - (ramp[:, 1:].astype(int) - 2)).max() <= 1


def test_a_scaled_chroma_plane_keeps_its_siting() -> None:
    """Zooming by 2 about luma point p leaves the chroma sample that sits on p where it is."""
    about = (2 * 10 + 0.5, 2 * 6 + 1.0)
    matrix = cpu.plane_matrix(scaling(2, 2, about=about), 2)
    assert matrix.apply(10.5, 6.5) == pytest.approx((10.5, 6.5))


@pytest.mark.parametrize("shape", [(46, 60), (45, 61), (2, 2), (1, 7)])
def test_subsample_is_left_sited(shape: tuple[int, int]) -> None:
    values = plane(12, shape)
    assert_close(cpu.subsample(values), definition.subsample(real(values)))


@pytest.mark.parametrize("size", [(30, 23), (20, 10), (61, 46)])
def test_shrink_averages_areas(size: tuple[int, int]) -> None:
    values = plane(13)
    assert_close(cpu.shrink(values, size), definition.shrink(real(values), size))


@pytest.mark.parametrize("subsampling", [1, 2])
def test_from_rgba_follows_bt709(subsampling: int) -> None:
    rgba = plane(14, (*SIZE, 4))
    premultiplied = cpu.premultiply(rgba)
    yuv = definition.yuv_from_rgba(real(premultiplied))
    surface = cpu.from_rgba(premultiplied, subsampling, opaque=False)
    assert_close(surface.y, yuv[:, :, 0])
    chroma = [yuv[:, :, 1], yuv[:, :, 2]]
    if subsampling == 2:
        chroma = [definition.subsample(values) for values in chroma]
    assert_close(surface.u, chroma[0])
    assert_close(surface.v, chroma[1])


@pytest.mark.parametrize(
    ("rgb", "yuv"),
    [
        # Rec. ITU-R BT.709-6, 8-bit narrow range: black, white, and the primaries at full drive.
        ((0, 0, 0), (16, 128, 128)),
        ((255, 255, 255), (235, 128, 128)),
        ((255, 0, 0), (63, 102, 240)),
        ((0, 255, 0), (173, 42, 26)),
        ((0, 0, 255), (32, 240, 118)),
    ],
)
def test_primaries_have_their_published_code_values(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    pixel = np.array([[[*rgb, 255]]], np.uint8)
    surface = cpu.from_rgba(pixel, 1, opaque=True)
    assert (int(surface.y[0, 0]), int(surface.u[0, 0]), int(surface.v[0, 0])) == yuv


def test_rounded_mask_has_the_area_of_a_rounded_rectangle() -> None:
    width, height, radius = 200, 120, 30
    mask, chroma = cpu.rounded_mask(width, height, radius, 2)
    area = width * height - (4 - np.pi) * radius**2
    assert mask.sum() / 255 == pytest.approx(area, rel=1e-3)
    assert mask[0, 0] == 0
    assert mask[height // 2, 0] == 255
    assert chroma.shape == (60, 100)
