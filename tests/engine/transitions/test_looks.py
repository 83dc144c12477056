"""What the looks that bend, light and break pictures are known by."""

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Surface
from tests.engine.transitions.stage import Size, flat, joined, picture, pictures, with_full_alpha

SIZE: Size = (192, 108)
RED, BLUE = (80, 100, 210), (60, 200, 110)
"""Two flat colours as Y, U, V."""


def colours(*, alpha: bool = False, size: Size = SIZE) -> tuple[Surface, Surface]:
    pair = flat(*RED, size=size), flat(*BLUE, size=size)
    return (with_full_alpha(pair[0]), with_full_alpha(pair[1])) if alpha else pair


def is_near(surface: Surface, colour: tuple[int, int, int], slack: int = 60) -> NDArray[np.bool_]:
    """Where chroma points the way of a colour, at chroma size; shade changes its strength, not its direction."""
    u, v = surface.u.astype(int) - 128, surface.v.astype(int) - 128
    return (u * (colour[1] - 128) + v * (colour[2] - 128)) > slack * 30


def detail(surface: Surface) -> float:
    return float(np.abs(np.diff(surface.y.astype(int), axis=1)).mean())


def checks(size: Size = SIZE) -> Surface:
    surface = flat(60, size=size)
    rows, columns = np.indices(surface.y.shape)
    surface.y[(rows // 2 + columns // 2) % 2 == 0] = 180
    return surface


@pytest.mark.parametrize(
    ("progress", "expected"), [(0.25, (80 + 235) / 2), (0.5, 235), (0.75, (60 + 235) / 2), (1.0, 60)]
)
def test_dip_to_white_goes_through_white(progress: float, expected: float) -> None:
    out = joined("dip_to_white", *colours(), progress)
    assert np.abs(out.y - expected).max() <= 1
    if expected == 235:
        assert (out.u == 128).all()
        assert (out.v == 128).all()


def test_dip_to_white_is_white_only_where_something_is() -> None:
    outgoing, incoming = pictures(alpha=True)
    out = joined("dip_to_white", outgoing, incoming, 0.5)
    assert out.alpha is not None
    assert np.abs(out.y.astype(int) - np.rint(out.alpha.astype(int) * 235 / 255)).max() <= 1


def test_red_crosses_over_first_and_blue_last() -> None:
    black, white = flat(16, size=SIZE), flat(235, size=SIZE)
    early, late = (joined("color_phase", black, white, progress) for progress in (0.3, 0.7))
    red, green, blue = (plane.mean() for plane in cpu.to_rgb(early, _planes(early)))
    assert red > 100
    assert max(green, blue) < 30
    red, green, blue = (plane.mean() for plane in cpu.to_rgb(late, _planes(late)))
    assert min(red, green) > 220
    assert blue < 150


def _planes(surface: Surface) -> tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    return np.empty_like(surface.y), np.empty_like(surface.y), np.empty_like(surface.y)


def test_in_a_colour_phase_grey_mixes_exactly() -> None:
    """Half-way through green's turn the sum of all channels is linear in R'G'B'."""
    out = joined("color_phase", flat(16, size=SIZE), flat(235, size=SIZE), 0.5)
    _, green, _ = cpu.to_rgb(out, _planes(out))
    assert np.abs(green - 127.5).max() <= 3


def test_fire_glows_along_its_front() -> None:
    outgoing, incoming = colours()
    out = joined("burn", outgoing, incoming, 0.5)
    glowing = out.y > 150
    assert 0.01 < glowing.mean() < 0.35
    assert is_near(out, RED).any()
    assert is_near(out, BLUE).any()


def test_fire_does_not_glow_where_nothing_is() -> None:
    outgoing, incoming = pictures(SIZE, alpha=True)
    out = joined("burn", outgoing, incoming, 0.5)
    assert out.alpha is not None
    assert (out.y[out.alpha == 0] <= 1).all()


def test_half_way_the_cube_shows_two_faces_on_black() -> None:
    out = joined("cube", *colours(), 0.5)
    assert is_near(out, RED)[20:34, 20:44].all()
    assert is_near(out, BLUE)[20:34, 52:76].all()
    assert (out.y[:4, :4] == 16).all()
    assert (out.y[-4:, -4:] == 16).all()
    # Turned away from the light, both are darker than they were.
    assert out.y[54, 60] < RED[0] - 5


def test_the_edge_of_the_cube_has_no_seam() -> None:
    grey = flat(150, size=SIZE), flat(150, size=SIZE)
    for progress in (0.31, 0.5, 0.67):
        row = joined("cube", *grey, progress).y[54].astype(int)
        shown = np.nonzero(row > 60)[0]
        inside = row[shown[0] + 2 : shown[-1] - 1]
        assert inside.min() >= min(inside[0], inside[-1]) - 2


def test_around_a_cube_with_alpha_is_nothing() -> None:
    out = joined("cube", *colours(alpha=True), 0.5)
    assert out.alpha is not None
    assert (out.alpha[:4, :4] == 0).all()
    assert (out.y[:4, :4] == 0).all()
    assert out.alpha[54, 60] == 255


def test_the_doors_show_what_comes_from_behind_them() -> None:
    out = joined("doorway", *colours(), 0.5)
    assert is_near(out, RED)[:, :24].all()
    assert is_near(out, RED)[:, -24:].all()
    assert is_near(out, BLUE, 20)[24:30, 44:52].all()
    wide = joined("doorway", *colours(), 0.7)
    assert is_near(wide, BLUE).sum() > is_near(out, BLUE).sum()


def test_the_page_uncovers_the_right_before_the_left() -> None:
    outgoing, incoming = colours()
    out = joined("page_turn", outgoing, incoming, 0.5)
    assert np.abs(out.y[30:80, 170:].astype(int) - BLUE[0]).max() <= 1
    assert np.abs(out.y[100:, :20].astype(int) - RED[0]).max() <= 1
    # The back of the page is pale.
    assert (out.y > 170).mean() > 0.1


def test_the_page_casts_a_shadow() -> None:
    out = joined("page_turn", flat(200, size=SIZE), flat(200, size=SIZE), 0.5)
    assert out.y.min() < 130


def test_a_swirl_turns_the_middle_and_not_the_corners() -> None:
    outgoing = checks()
    out = joined("swirl", outgoing, outgoing, 0.25)
    assert np.abs(out.y[:6, :6].astype(int) - outgoing.y[:6, :6]).mean() < 8
    assert np.abs(out.y[44:64, 86:106].astype(int) - outgoing.y[44:64, 86:106]).mean() > 25


def test_a_dash_smears_what_is_fine() -> None:
    still = checks()
    assert detail(joined("cross_zoom", still, still, 0.5)) < 0.25 * detail(still)


def test_a_drop_reaches_the_middle_first() -> None:
    outgoing, incoming = colours()
    out = joined("water_drop", outgoing, incoming, 0.35)
    assert is_near(out, BLUE)[24:30, 44:52].all()
    assert np.array_equal(out.y[:4, :4], outgoing.y[:4, :4])


def test_a_drop_bends_the_picture() -> None:
    still = picture(0, SIZE)
    ring = joined("water_drop", still, still, 0.4)
    assert np.abs(ring.y.astype(int) - still.y).max() > 15


def test_dreams_are_brighter_and_softer() -> None:
    still = checks()
    dream = joined("dreamy", still, still, 0.5)
    assert dream.y.mean() > still.y.mean() + 5
    assert detail(dream) < 0.6 * detail(still)


def test_a_glitch_tears_blocks_and_splits_colours() -> None:
    outgoing, incoming = colours()
    out = joined("glitch_memories", outgoing, incoming, 0.5)
    both = out.y == RED[0], out.y == BLUE[0]
    assert all(0.02 < shown.mean() < 0.98 for shown in both)
    assert not np.array_equal(out.u == RED[1], out.v == RED[2])


def test_glitches_strobe_and_follow_their_seed() -> None:
    outgoing, incoming = colours()
    first, later, other = (
        joined("glitch_memories", outgoing, incoming, progress, seed=seed)
        for progress, seed in ((0.5, 3), (0.55, 3), (0.5, 4))
    )
    assert (first.y != later.y).any()
    assert (first.y != other.y).any()


def test_slipped_colours_keep_within_a_soft_edge() -> None:
    """A grey picture has no colour to slip, whatever its alpha does."""
    outgoing, incoming = pictures(SIZE, alpha=True)
    for surface in (outgoing, incoming):
        assert surface.alpha_c is not None
        surface.u[...] = surface.v[...] = np.rint(surface.alpha_c * (128 / 255))
    for progress in (0.35, 0.5, 0.65):
        out = joined("glitch_memories", outgoing, incoming, progress)
        assert out.alpha_c is not None
        assert np.abs(out.u - out.alpha_c * (128 / 255)).max() <= 3
