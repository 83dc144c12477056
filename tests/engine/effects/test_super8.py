"""Home movies: what trembles, and what stays."""

from itertools import pairwise

import numpy as np
import pytest

from gpu_tasks.engine.effects.super8 import woven
from tests.engine.effects.stage import assert_effect_rules, difference, moment, plain, rgb_of, run, scene_surface

pytestmark = pytest.mark.slow

SIZE = (320, 180)


def test_it_keeps_the_rules_of_effects() -> None:
    assert_effect_rules("super8", keeps_alpha=False)


def test_it_is_warm_inside_and_dark_in_the_corners() -> None:
    rgb = rgb_of(run("super8", plain((160, 160, 160), SIZE))).astype(float)
    red, green, blue = rgb[60:120, 100:220].reshape(-1, 3).mean(axis=0)
    assert red > green > blue + 25
    assert rgb[:6, :6].mean() < 25


def test_the_picture_trembles_a_little() -> None:
    surface = scene_surface((640, 360))
    moved = [woven(surface, 1.0, moment(size=(640, 360)), tick) for tick in range(4)]
    changes = [difference(picture, surface) for picture in moved]
    assert len(set(changes)) > 1
    assert 0 < max(changes) < 12


def test_exposure_flickers() -> None:
    means = [run("super8", plain((120, 120, 120), SIZE), 1.0, moment(3 * n, size=SIZE)).y.mean() for n in range(8)]
    assert 0.5 < np.ptp(means) < 25


def test_the_camera_runs_at_its_own_rate() -> None:
    surface = plain((120, 120, 120), SIZE)
    frames = [run("super8", surface, 1.0, moment(n, size=SIZE, frame_rate=60)).y for n in range(60)]
    changes = sum(not np.array_equal(a, b) for a, b in pairwise(frames))
    assert changes == 17


def test_alpha_moves_with_its_picture() -> None:
    surface = scene_surface(SIZE, 2, alpha=True)
    out = run("super8", surface, 1.0, moment(5, size=SIZE, unit_px=1))
    assert out.alpha is not None
    assert surface.alpha is not None
    assert 0 < np.abs(out.alpha.astype(int) - surface.alpha).mean() < 6
    assert (out.y <= np.maximum(out.alpha, 1)).all()
