"""Frames come out one for one, at the size promised, with their alpha."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from gpu_tasks.models.step import Frame, Rgb
from gpu_tasks.models.super_resolution.colour import OnRgb
from gpu_tasks.models.super_resolution.enlarge import Enlarge, Enlarger, PassThrough
from tests.models.super_resolution.pictures import frame, noise_picture, pillow, random_network, smooth_picture


def enlarger(scale: float, even: bool = False, batch: int = 1, network: int | None = None) -> Enlarger:
    return Enlarger(scale, lambda first: running(network or (2 if scale <= 2 else 4)), even, batch)


def running(scale: int) -> Enlarge:
    model = OnRgb(random_network(scale))

    def enlarge(pictures: Tensor) -> Tensor:
        with torch.inference_mode():
            made: Tensor = model(pictures)
            return made

    return enlarge


@pytest.mark.parametrize("scale", [1.01, 1.5, 2, 2.5, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 7), (33, 17), (40, 30)])
@pytest.mark.parametrize("even", [False, True])
def test_frames_have_the_size_that_was_promised(scale: float, size: tuple[int, int], even: bool) -> None:
    step = enlarger(scale, even)
    (made,) = step.process([frame(noise_picture(*size))])
    assert (made.rgb.shape[1], made.rgb.shape[0]) == step.size(*size)
    assert made.rgb.dtype == np.uint8


def test_between_whole_scales_lanczos_makes_the_exact_size() -> None:
    rgb = smooth_picture(40, 30)
    (whole,) = enlarger(2).process([frame(rgb)])
    (part,) = enlarger(1.5).process([frame(rgb)])
    assert np.array_equal(part.rgb, pillow(whole.rgb, 60, 45, Image.Resampling.LANCZOS))


def test_a_network_that_is_too_small_is_followed_by_lanczos() -> None:
    rgb = smooth_picture(20, 15)
    (small,) = enlarger(2).process([frame(rgb)])
    (made,) = enlarger(4, network=2).process([frame(rgb)])
    assert np.array_equal(made.rgb, pillow(small.rgb, 80, 60, Image.Resampling.LANCZOS))


def test_alpha_is_enlarged_by_lanczos_and_stays_away_where_there_is_none() -> None:
    alpha = noise_picture(20, 15)[..., 0]
    given = [frame(smooth_picture(20, 15), alpha=alpha)]
    (made,) = enlarger(2).process(given)
    wanted = np.asarray(Image.fromarray(alpha).resize((40, 30), Image.Resampling.LANCZOS))
    assert made.alpha is not None
    assert np.array_equal(made.alpha, wanted)
    (opaque,) = enlarger(2).process([frame(smooth_picture(20, 15))])
    assert opaque.alpha is None


def test_colours_under_transparency_do_not_darken_the_visible_edge() -> None:
    rgb, alpha = np.zeros((24, 24, 3), np.uint8), np.zeros((24, 24), np.uint8)
    rgb[8:16, 8:16], alpha[8:16, 8:16] = (210, 120, 60), 255
    flat = np.full_like(rgb, (210, 120, 60))
    (made,) = enlarger(2).process([frame(rgb, alpha=alpha)])
    (wanted,) = enlarger(2).process([frame(flat)])
    assert np.abs(made.rgb.astype(int) - wanted.rgb).max() <= 1


@pytest.mark.parametrize("batch", [1, 2, 3, 8])
def test_batches_give_what_single_frames_give(batch: int) -> None:
    given = [frame(smooth_picture(20, 16, seed), seed) for seed in (1, 2, 2, 3, 3, 3, 4)]
    single = list(enlarger(2).process(given))
    found = list(enlarger(2, batch=batch).process(iter(given)))
    assert [made.time_s for made in found] == [one.time_s for one in given]
    assert all(_close(one.rgb, other.rgb) for one, other in zip(found, single, strict=True))


def test_the_same_frames_give_the_same_bits() -> None:
    given = [frame(noise_picture(20, 16))]
    assert np.array_equal(next(enlarger(3).process(given)).rgb, next(enlarger(3).process(given)).rgb)


@pytest.mark.parametrize("batch", [1, 4])
def test_a_frame_that_repeats_the_one_before_is_not_enlarged_again(batch: int) -> None:
    counted: list[int] = []
    step = Enlarger(2, _counting(counted), even=False, batch=batch)
    still, other = smooth_picture(20, 16), smooth_picture(20, 16, seed=5)
    made = list(step.process([frame(rgb, n) for n, rgb in enumerate([still, still.copy(), still, other, still])]))
    assert sum(counted) == 3
    assert np.array_equal(made[0].rgb, made[2].rgb)
    assert not np.array_equal(made[2].rgb, made[3].rgb)


def test_frames_that_differ_in_alpha_alone_are_not_taken_for_the_same() -> None:
    rgb = smooth_picture(20, 16)
    alphas = [np.full((16, 20), value, np.uint8) for value in (255, 128)]
    made = list(enlarger(2).process([frame(rgb, n, alpha) for n, alpha in enumerate(alphas)]))
    assert [one.alpha.max() for one in made if one.alpha is not None] == [255, 128]


def test_scale_one_hands_on_the_frames_unchanged() -> None:
    given = frame(noise_picture(7, 5), alpha=noise_picture(7, 5)[..., 0])
    (made,) = PassThrough().process([given])
    assert made == Frame(given.rgb, given.alpha, given.time_s, changed=())
    assert PassThrough().size(7, 5) == (7, 5)


def _counting(counted: list[int]) -> Callable[[Rgb], Enlarge]:
    inner = running(2)

    def enlarge(pictures: Tensor) -> Tensor:
        counted.append(len(pictures))
        return inner(pictures)

    return lambda first: enlarge


def _close(one: Rgb, other: Rgb) -> bool:
    return bool(np.abs(one.astype(int) - other).max() <= 1)
