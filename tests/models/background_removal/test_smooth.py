"""A matte becomes steady where the picture stays or moves, without lagging behind it and not across cuts."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.background_removal.smooth import Smoother
from gpu_tasks.models.step import Rgb

SIDE_PX = 256


def texture(seed: int) -> Rgb:
    """Blobs that optical flow can hold on to."""
    coarse = np.random.default_rng(seed).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    return np.asarray(coarse.repeat(8, axis=0).repeat(8, axis=1))


def square(left: int) -> Plane:
    matte = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    matte[80:176, left : left + 96] = 1
    return matte


def picture(left: int) -> Rgb:
    """A textured square over another texture."""
    rgb, front = texture(1), texture(2)
    rgb[80:176, left : left + 96] = front[:96, :96]
    return rgb


def noisy(matte: Plane, seed: int) -> Plane:
    random: NDArray[np.float64] = np.random.default_rng(seed).normal(0, 0.2, matte.shape)
    return (matte + random).astype(np.float32)


def test_noise_on_a_still_picture_fades() -> None:
    smoother = Smoother()
    for index in range(8):
        found = smoother.smoothed(noisy(square(40), index), picture(40))
    assert np.std(found - square(40)) < 0.5 * 0.2


def test_what_moves_leaves_no_ghost() -> None:
    smoother = Smoother()
    for left in range(40, 100, 6):
        found = smoother.smoothed(square(left), picture(left))
    assert np.abs(found - square(left)).mean() < 0.01


def test_noise_fades_on_what_moves() -> None:
    smoother = Smoother()
    for left in range(40, 100, 6):
        found = smoother.smoothed(noisy(square(left), left), picture(left))
    inside = (slice(90, 166), slice(left + 10, left + 86))
    assert np.std(found[inside]) < 0.7 * 0.2


def test_a_cut_forgets() -> None:
    smoother = Smoother()
    smoother.smoothed(np.ones((SIDE_PX, SIDE_PX), np.float32), texture(3))
    after = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    assert (smoother.smoothed(after, 255 - texture(9) // 2) == 0).all()


def test_the_first_frame_is_left_alone() -> None:
    matte = noisy(square(40), 1)
    assert (Smoother().smoothed(matte, picture(40)) == matte).all()


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 1), (17, 31)])
def test_pictures_of_any_size_can_be_followed(shape: tuple[int, int]) -> None:
    smoother, matte = Smoother(), np.ones((16, 512), np.float32)
    for _ in range(2):
        found = smoother.smoothed(matte, np.full((*shape, 3), 9, np.uint8))
    assert np.allclose(found, 1)
