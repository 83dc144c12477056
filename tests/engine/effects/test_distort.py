"""Distortions: where pixels come from."""

import numpy as np
import pytest

from tests.engine.effects.stage import assert_effect_rules, difference, moment, run, same, scene_surface, surface_of

SIZE = (160, 90)


@pytest.mark.parametrize("name", ["displacement_map", "optics_compensation"])
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, keeps_alpha=False)


def ramp(axis: int) -> np.ndarray:
    """A picture whose grey says where a pixel came from."""
    width, height = SIZE
    x = np.arange(width)[None, :] + np.zeros((height, 1)) if axis else np.arange(height)[:, None] + np.zeros((1, width))
    return np.repeat((40 + x)[:, :, None], 3, axis=2).astype(np.uint8)


def test_water_moves_smoothly_from_frame_to_frame() -> None:
    picture = scene_surface(SIZE)
    frames = [run("displacement_map", picture, 1.0, moment(n, size=SIZE)) for n in (0, 1, 20)]
    assert 0.05 < difference(frames[0], frames[1]) < difference(frames[0], frames[2]) / 2


def test_each_element_has_its_own_water() -> None:
    picture = scene_surface(SIZE)
    first, second = (run("displacement_map", picture, 1.0, moment(3, size=SIZE, element=e)) for e in ("a", "b"))
    assert not same(first, second)


@pytest.mark.parametrize("axis", [0, 1])
def test_water_draws_nothing_in_from_outside(axis: int) -> None:
    """At its edges the picture does not move across them, and it moves well inside."""
    picture = surface_of(ramp(axis), 1)
    drift = run("displacement_map", picture, 1.0, moment(5, size=SIZE)).y.astype(int) - picture.y
    moved = drift if axis == 0 else drift.T
    assert np.abs(moved[[0, -1]]).max() <= 1
    assert np.abs(moved[20:-20]).max() >= 2


def test_water_looks_alike_at_every_size() -> None:
    small, large = scene_surface((160, 90), 1), scene_surface((640, 360), 1)
    a = run("displacement_map", small, 1.0, moment(5, size=(160, 90))).y.astype(float)
    b = run("displacement_map", large, 1.0, moment(5, size=(640, 360))).y.astype(float)
    a, b = a - small.y, b - large.y
    reduced = b.reshape(90, 4, 160, 4).mean(axis=(1, 3))
    assert np.corrcoef(a.ravel(), reduced.ravel())[0, 1] > 0.75


def test_the_fisheye_magnifies_the_middle_and_keeps_the_corners() -> None:
    width, height = SIZE
    seen = run("optics_compensation", surface_of(ramp(1), 1), 1.0, moment(size=SIZE)).y.astype(float)
    original = surface_of(ramp(1), 1).y.astype(float)
    row, middle = height // 2, width // 2
    magnification = (original[row, middle + 20] - original[row, middle - 20]) / (
        seen[row, middle + 20] - seen[row, middle - 20]
    )
    assert magnification > 1.4
    for y in (0, height - 1):
        for x in (0, width - 1):
            assert abs(seen[y, x] - original[y, x]) <= 1


def test_the_fisheye_is_round() -> None:
    """Points at one distance from the middle come from one distance from it."""
    width, height = SIZE
    across, down = (
        run("optics_compensation", surface_of(ramp(axis), 1), 1.0, moment(size=SIZE)).y.astype(float) for axis in (1, 0)
    )
    assert across[height // 2, width // 2 + 30] - across[height // 2, width // 2] == pytest.approx(
        down[height // 2 + 30, width // 2] - down[height // 2, width // 2], abs=1.5
    )


def test_the_fisheye_shows_only_the_picture() -> None:
    """Nothing lies outside: a white picture stays white into its corners, alpha and all."""
    white = np.full((SIZE[1], SIZE[0], 3), 255, np.uint8)
    seen = run("optics_compensation", surface_of(white, 2, white[:, :, 0]), 1.0, moment(size=SIZE))
    assert seen.alpha is not None
    assert seen.alpha.min() >= 253
