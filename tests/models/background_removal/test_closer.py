"""Parts of a picture are looked at more closely, and believed only as far as they agree with the whole."""

from collections.abc import Callable

import numpy as np
import pytest

from gpu_tasks.models.background_removal.closer import WHOLE, Box, CloserLook, box_around, parts
from gpu_tasks.models.background_removal.planes import Plane, resized_rgb
from gpu_tasks.models.step import Rgb

WHITE, SIDE_PX = 255, 512


def brightness(rgb: Rgb) -> Plane:
    """A stand-in for the network: 64×64, and what is white is a person."""
    return (resized_rgb(rgb, (64, 64))[..., 0] / np.float32(255)).astype(np.float32)


def picture(top: int, bottom: int, left: int, right: int) -> Rgb:
    rgb = np.zeros((SIDE_PX, SIDE_PX, 3), np.uint8)
    rgb[top:bottom, left:right] = WHITE
    return rgb


def test_parts_sharpen_what_the_whole_shows_coarsely() -> None:
    rgb = picture(203, 331, 187, 309)
    true = rgb[..., 0] / 255
    coarse = np.asarray(resized_rgb((brightness(rgb) * 255).astype(np.uint8), (SIDE_PX, SIDE_PX))) / 255
    found = CloserLook(brightness).coverage(rgb)
    assert np.abs(found - true).mean() < 0.6 * np.abs(coarse - true).mean()


@pytest.mark.parametrize("wrong", [np.zeros_like, np.ones_like, lambda coverage: 1 - coverage])
def test_parts_that_contradict_the_whole_are_not_believed(wrong: Callable[[Plane], Plane]) -> None:
    calls: list[Plane] = []

    def network(rgb: Rgb) -> Plane:
        coverage = brightness(rgb)
        calls.append(coverage)
        return coverage if len(calls) == 1 else np.asarray(wrong(coverage), np.float32)

    rgb = picture(100, 400, 100, 400)
    found = CloserLook(network).coverage(rgb)
    assert len(calls) > 1
    assert np.abs(found - rgb[..., 0] / 255).mean() < 0.03


def test_nobody_is_looked_for_once_and_leaves_nothing() -> None:
    calls: list[Rgb] = []

    def network(rgb: Rgb) -> Plane:
        calls.append(rgb)
        return np.full((64, 64), 0.4, np.float32)

    found = CloserLook(network).coverage(picture(0, 0, 0, 0))
    assert len(calls) == 1
    assert (found == 0).all()


def test_the_box_stays_while_people_stay_in_it_and_follows_when_they_leave() -> None:
    seen: list[tuple[int, ...]] = []

    def network(rgb: Rgb) -> Plane:
        seen.append(rgb.shape)
        return brightness(rgb)

    look = CloserLook(network)
    look.coverage(picture(200, 320, 100, 200))
    first = seen.copy()
    seen.clear()
    look.coverage(picture(202, 318, 104, 203))
    assert seen == first
    look.coverage(picture(20, 500, 300, 400))
    assert seen[len(first) :] != first


@pytest.mark.parametrize(
    ("coverage", "box"),
    [
        (np.zeros((10, 10), np.float32), WHOLE),
        (np.ones((10, 10), np.float32), WHOLE),
        (np.pad(np.ones((20, 20), np.float32), 40), Box(0.37, 0.37, 0.63, 0.63)),
        (np.pad(np.ones((90, 20), np.float32), ((10, 0), (40, 40))), Box(0.37, 0.0, 0.63, 1.0)),
    ],
)
def test_a_box_holds_people_with_a_margin(coverage: Plane, box: Box) -> None:
    assert box_around(coverage, 0.15) == box


@pytest.mark.parametrize("box", [WHOLE, Box(0.2, 0.1, 0.5, 0.9), Box(0.999, 0.999, 1.0, 1.0)])
@pytest.mark.parametrize("size", [(1, 1), (512, 16), (3840, 2160)])
def test_parts_lie_in_the_picture_and_hold_a_pixel(box: Box, size: tuple[int, int]) -> None:
    blank = np.zeros((size[1], size[0]))
    assert all(blank[part.pixels(*size)].size > 0 for part in parts(box))
