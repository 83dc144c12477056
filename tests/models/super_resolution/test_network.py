"""The network of our own adds to bicubic interpolation, whole numbers larger, and reaches as far as it says."""

import numpy as np
import pytest
import torch
from PIL import Image

from gpu_tasks.models.super_resolution.colour import LUMA_WEIGHTS, OnRgb
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.network import bicubic_kernel
from tests.models.super_resolution.pictures import pillow, random_network, smooth_picture, untrained_network


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_without_details_it_is_bicubic_interpolation(scale: int) -> None:
    rgb = smooth_picture(31, 22)
    with torch.inference_mode():
        found = from_tensor(OnRgb(untrained_network(scale))(to_tensor([rgb])))[0]
    wanted = pillow(rgb, 31 * scale, 22 * scale, Image.Resampling.BICUBIC)
    # Pillow rounds between its two passes.
    assert np.abs(found.astype(int) - wanted).max() <= 1


@pytest.mark.parametrize("scale", [2, 4])
def test_every_phase_of_the_interpolation_keeps_flat_tones(scale: int) -> None:
    assert torch.allclose(bicubic_kernel(scale).sum(dim=(1, 2, 3)), torch.ones(scale**2), atol=1e-6)


@pytest.mark.parametrize("scale", [2, 4])
def test_a_pixel_reaches_as_far_as_the_network_says_and_no_further(scale: int) -> None:
    network = random_network(scale)
    reach, middle = network.reach_px, 12
    one, other = torch.full((1, 1, 25, 25), 0.5), torch.full((1, 1, 25, 25), 0.5)
    other[..., middle, middle] = 1.0
    with torch.inference_mode():
        changed = (network(one) != network(other))[0, 0].nonzero()
    assert changed.min() >= (middle - reach) * scale
    assert changed.max() < (middle + reach + 1) * scale
    assert changed.min() < (middle - reach + 1) * scale


def test_details_change_luma_and_leave_colour_differences_alone() -> None:
    rgb = to_tensor([smooth_picture(20, 16)])
    with torch.inference_mode():
        added = OnRgb(random_network(2))(rgb) - OnRgb(untrained_network(2))(rgb)
    assert added.abs().max() > 0.01
    assert torch.allclose(added[:, 0], added[:, 1], atol=1e-5)
    assert torch.allclose(added[:, 0], added[:, 2], atol=1e-5)
    assert sum(LUMA_WEIGHTS) == pytest.approx(1)


def test_half_precision_rounds_the_details_only() -> None:
    rgb = to_tensor([smooth_picture(20, 16)])
    with torch.inference_mode():
        exact = OnRgb(untrained_network(2))(rgb)
        assert torch.equal(OnRgb(untrained_network(2)).to(torch.bfloat16)(rgb), exact)


def test_each_picture_of_a_batch_is_enlarged_as_if_alone() -> None:
    first, second = smooth_picture(20, 16, seed=1), smooth_picture(20, 16, seed=2)
    model = OnRgb(random_network(2))
    with torch.inference_mode():
        together = model(to_tensor([first, second]))
        assert torch.allclose(together[1:], model(to_tensor([second])), atol=1e-6)
