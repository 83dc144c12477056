"""Between Y'CbCr and R'G'B', held to the definitions and to published code values."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import cpu, definition
from gpu_tasks.engine.surface import Surface
from tests.engine.kernels.planes import SHAPES, SIZE, Executor, host, noise, real, surface_planes


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
def test_to_rgb_is_the_inverse_of_bt709(
    executor: Executor, shape: tuple[int, int], subsampling: int, alpha: bool
) -> None:
    y, u, v, a, a_c = surface_planes(1, *shape, subsampling, alpha=alpha)
    expected = definition.to_rgb((real(y), real(u), real(v)), None if a is None else real(a), subsampling)
    # On the CPU interpolated chroma is rounded, twice, before it is weighed by up to 2.1.
    tolerance = 2 if subsampling == 1 else 3
    out = (executor.out(shape), executor.out(shape), executor.out(shape))
    rgb = executor.k.to_rgb(executor.surface(y, u, v, a, a_c, subsampling=subsampling), out)
    for found, wanted in zip(rgb, expected, strict=True):
        executor.assert_close(found, wanted, tolerance)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
def test_from_rgb_follows_bt709(executor: Executor, shape: tuple[int, int], subsampling: int, alpha: bool) -> None:
    out_planes = surface_planes(2, *shape, subsampling, alpha=alpha)
    a = out_planes[3]
    colours = [noise(seed, shape) for seed in (3, 4, 5)]
    if a is not None:
        colours = [(colour.astype(np.uint16) * a // 255).astype(np.uint8) for colour in colours]
    expected = definition.from_rgb(
        (real(colours[0]), real(colours[1]), real(colours[2])), None if a is None else real(a), subsampling
    )
    red, green, blue = (executor.put(colour) for colour in colours)
    surface = executor.surface(*out_planes, subsampling=subsampling)
    executor.k.from_rgb((red, green, blue), surface)
    for found, wanted in zip(surface.every_plane()[:3], expected, strict=True):
        executor.assert_close(found, wanted)


@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
def test_there_and_back_changes_little(executor: Executor, subsampling: int, alpha: bool) -> None:
    """Muted colours survive the way through R'G'B'; at 4:2:0 chroma is interpolated and averaged on the way."""
    shape = (90, 120)
    planes = surface_planes(6, *shape, subsampling, alpha=alpha)
    for index in (1, 2):
        cover = 255.0 if planes[4] is None else planes[4].astype(float)
        neutral = 128 * cover / 255
        chroma = planes[index]
        assert chroma is not None
        planes[index] = np.rint(neutral + (chroma - neutral) * 0.25).astype(np.uint8)
    low = planes[0]
    assert low is not None
    cover_y = 255.0 if planes[3] is None else planes[3].astype(float)
    planes[0] = np.rint(126 * cover_y / 255 + (low - 126 * cover_y / 255) * 0.5).astype(np.uint8)
    surface = executor.surface(*planes, subsampling=subsampling)
    rgb = executor.k.to_rgb(surface, (executor.out(shape), executor.out(shape), executor.out(shape)))
    back = executor.surface(*planes, subsampling=subsampling)
    executor.k.from_rgb(rgb, back)
    limits = (2, 2, 2) if subsampling == 1 else (2, 4, 4)
    for before, after, limit in zip(planes, back.every_plane(), limits, strict=False):
        assert before is not None
        assert np.abs(before.astype(int) - host(after).astype(int)).max() <= limit


@pytest.mark.parametrize("subsampling", [1, 2])
def test_from_rgba_follows_bt709(subsampling: int) -> None:
    rgba = noise(14, (*SIZE, 4))
    premultiplied = cpu.premultiply(rgba)
    yuv = definition.yuv_from_rgba(real(premultiplied))
    surface = cpu.from_rgba(premultiplied, subsampling, opaque=False)
    chroma = [yuv[:, :, 1], yuv[:, :, 2]]
    if subsampling == 2:
        chroma = [definition.subsample(values) for values in chroma]
    for found, wanted in zip((surface.y, surface.u, surface.v), (yuv[:, :, 0], *chroma), strict=True):
        assert (real(found) - wanted).abs().max().item() <= 2


PRIMARIES = [
    # Rec. ITU-R BT.709-6, 8-bit narrow range: black, white, and the primaries at full drive.
    ((0, 0, 0), (16, 128, 128)),
    ((255, 255, 255), (235, 128, 128)),
    ((255, 0, 0), (63, 102, 240)),
    ((0, 255, 0), (173, 42, 26)),
    ((0, 0, 255), (32, 240, 118)),
]


@pytest.mark.parametrize(("rgb", "yuv"), PRIMARIES)
def test_primaries_have_their_published_code_values(rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    surface = cpu.from_rgba(np.array([[[*rgb, 255]]], np.uint8), 1, opaque=True)
    assert (int(surface.y[0, 0]), int(surface.u[0, 0]), int(surface.v[0, 0])) == yuv


@pytest.mark.parametrize(("rgb", "yuv"), PRIMARIES)
def test_primaries_convert_both_ways(executor: Executor, rgb: tuple[int, int, int], yuv: tuple[int, int, int]) -> None:
    red, green, blue = (executor.put(np.full((2, 2), value, np.uint8)) for value in rgb)
    surface = Surface(executor.out((2, 2)), executor.out((1, 1)), executor.out((1, 1)), 2)
    executor.k.from_rgb((red, green, blue), surface)
    assert [int(host(plane)[0, 0]) for plane in surface.every_plane()] == list(yuv)
    out = (executor.out((2, 2)), executor.out((2, 2)), executor.out((2, 2)))
    shown = [int(host(plane)[1, 1]) for plane in executor.k.to_rgb(surface, out)]
    assert shown == pytest.approx(rgb, abs=2)
