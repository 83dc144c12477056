"""Reveals have the shape that they are named after, and colours turn over with their luma."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import cpu
from tests.engine.transitions.stage import Size, flat, joined

LIGHT, DARK = 200, 60
REVEALS = [
    "angular",
    "band_wipe",
    "barn_doors_horizontal",
    "barn_doors_vertical",
    "box_wipe",
    "circle_open",
    "crosshatch",
    "diagonal_wipe",
    "gradient_wipe",
    "heart",
    "iris",
    "pinwheel",
    "squares_wire",
    "window_slice",
]
WIDE, TALL = (192, 108), (90, 160)


def new_share(name: str, progress: float, size: Size = WIDE, *, seed: int = 3) -> NDArray[np.float64]:
    """How far every pixel has turned over, 0-1."""
    out = joined(name, flat(LIGHT, size=size), flat(DARK, size=size), progress, seed=seed)
    return (LIGHT - out.y.astype(np.float64)) / (LIGHT - DARK)


@pytest.mark.parametrize("name", REVEALS)
def test_what_has_turned_over_stays(name: str) -> None:
    shares = [new_share(name, step / 20) for step in range(21)]
    # Masks that are smoothed and rounded may waver by a code value.
    assert all((later >= earlier - 0.02).all() for earlier, later in pairwise(shares))


@pytest.mark.parametrize("name", REVEALS)
def test_half_way_both_pictures_are_seen(name: str) -> None:
    share = new_share(name, 0.5)
    assert 0.15 < share.mean() < 0.85
    assert (share < 0.02).any()
    assert (share > 0.98).any()


@pytest.mark.parametrize("name", REVEALS)
def test_chroma_turns_over_where_luma_does(name: str) -> None:
    """On average over every few samples, as one sample of chroma cannot follow every edge of luma."""
    size = (WIDE[0] * 4, WIDE[1] * 4)
    out = joined(name, flat(0, 0, 255, size), flat(255, 255, 0, size), 0.5)
    luma, u, v = (cpu.shrink(plane, (96, 54)).astype(int) for plane in (cpu.subsample(out.y), out.u, out.v))
    assert np.abs(u - luma).mean() < 6
    assert np.abs(255 - v - luma).mean() < 6
    assert np.abs((u - luma).mean()) < 3


@pytest.mark.parametrize("size", [WIDE, TALL])
@pytest.mark.parametrize("name", ["circle_open", "iris"])
def test_a_circle_is_round_in_a_box_of_any_shape(name: str, size: Size) -> None:
    share = new_share(name, 0.3, size)
    across, down = share[size[1] // 2], share[:, size[0] // 2]
    assert abs((across > 0.5).sum() - (down > 0.5).sum()) <= 2
    assert share[size[1] // 2, size[0] // 2] > 0.9
    assert share[0, 0] < 0.02


def test_the_iris_has_several_rings() -> None:
    row = new_share("iris", 0.4)[54, 96:] > 0.5
    assert (row[1:] != row[:-1]).sum() >= 3


def test_a_box_keeps_the_shape_of_the_picture() -> None:
    rows, columns = np.nonzero(new_share("box_wipe", 0.5) > 0.5)
    assert np.ptp(columns) + 1 == pytest.approx(96, abs=2)
    assert np.ptp(rows) + 1 == pytest.approx(54, abs=2)


@pytest.mark.parametrize(("name", "axis"), [("barn_doors_horizontal", 1), ("barn_doors_vertical", 0)])
def test_barn_doors_open_from_the_middle(name: str, axis: int) -> None:
    share = new_share(name, 0.25).mean(axis=1 - axis)
    middle, count = share.size / 2, share.size / 4
    assert np.abs(np.nonzero(share > 0.5)[0] + 0.5 - middle).max() == pytest.approx(count / 2, abs=1.5)
    assert (share[: share.size // 4] < 0.02).all()


def test_a_diagonal_goes_from_corner_to_corner() -> None:
    share = new_share("diagonal_wipe", 0.5)
    assert share[0, 0] > 0.98
    assert share[-1, -1] < 0.02
    assert share[0, -1] == pytest.approx(share[-1, 0], abs=0.12)


def test_a_heart_has_two_lobes_and_a_tip() -> None:
    share = new_share("heart", 0.45)
    assert np.abs(share - share[:, ::-1]).max() < 0.02
    inside = share > 0.5
    rows = np.nonzero(inside.any(axis=1))[0]
    top, tip = inside[rows[0] + 1], inside[rows[-1]]
    assert (top[1:] != top[:-1]).sum() == 4
    assert tip.sum() <= 6
    widths = inside[rows].sum(axis=1)
    assert widths.argmax() < len(rows) / 2


def test_the_clock_hand_starts_at_noon() -> None:
    share = new_share("angular", 0.25)
    assert (share[10:40, 110:180] > 0.98).all()
    assert (share[:, :90] < 0.02).all()
    assert (share[60:, 110:180] < 0.02).all()


def test_the_pinwheel_looks_the_same_after_a_sixth_of_a_turn() -> None:
    share = new_share("pinwheel", 0.4, (121, 121))
    half_turn = share[::-1, ::-1]
    assert np.abs(share - half_turn).mean() < 0.03


def test_bands_come_from_both_sides() -> None:
    share = new_share("band_wipe", 0.4)
    assert (share[:, 2] > 0.9).any()
    assert (share[:, 2] < 0.1).any()
    assert np.abs(share - share[::-1, ::-1]).mean() < 0.03


def test_slices_are_vertical() -> None:
    share = new_share("window_slice", 0.4)
    assert np.ptp(share, axis=0).max() == 0
    row = share[0] > 0.5
    assert (row[1:] != row[:-1]).sum() >= 5


def test_the_wires_of_squares_go_last() -> None:
    share = new_share("squares_wire", 0.62)
    cell = 108 / 9
    x, y = np.meshgrid((np.arange(192) + 0.5 - 96) / cell, (np.arange(108) + 0.5 - 54) / cell)
    inside = np.maximum(np.abs(x - np.rint(x)), np.abs(y - np.rint(y)))
    assert share[inside < 0.25].mean() > 0.85
    assert share[inside > 0.45].mean() < 0.35


@pytest.mark.parametrize("name", ["gradient_wipe", "crosshatch"])
def test_another_seed_is_another_pattern(name: str) -> None:
    assert np.abs(new_share(name, 0.5) - new_share(name, 0.5, seed=4)).mean() > 0.05
