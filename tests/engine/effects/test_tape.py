"""The look of a worn tape."""

import numpy as np

from gpu_tasks.engine.effects._lines import Slip, bands, slipped
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import blank
from tests.engine.effects.stage import (
    assert_effect_rules,
    kept,
    moment,
    plain,
    rgb_of,
    run,
    same,
    scene_surface,
    surface_of,
)

SIZE = (320, 180)


def test_the_rules_hold() -> None:
    assert_effect_rules("vhs", keeps_alpha=False)


def test_bands_cover_every_row_once_and_begin_on_even_rows() -> None:
    for height in (1, 2, 43, 180):
        parts = bands(height, 6.4)
        assert [top for top, _ in parts][1:] == [bottom for _, bottom in parts][:-1]
        assert (parts[0][0], parts[-1][1]) == (0, height)
        assert all(top % 2 == 0 for top, _ in parts)


def test_bands_slip_by_fractions_of_a_pixel_and_hold_their_sides() -> None:
    picture = scene_surface((61, 43))
    out = kept(picture)
    slipped(cpu, picture, [Slip(0, 20, 2.0), Slip(20, 43, 0.0)], out)
    assert np.array_equal(out.y[:20, 2:], picture.y[:20, :-2])
    assert (out.y[:20, :2] == picture.y[:20, :1]).all()
    assert np.array_equal(out.u[:10, 1:], picture.u[:10, :-1])
    assert np.array_equal(out.y[20:], picture.y[20:])


def test_colours_bleed_to_the_right_further_than_the_picture() -> None:
    rgb = np.full((180, 320, 3), 60, np.uint8)
    rgb[20:60, 100:140] = (200, 30, 30)
    picture = surface_of(rgb)
    out = run("vhs", picture, at=moment(1, size=SIZE))
    rows = np.s_[15:25]
    weight = out.v[rows].astype(float).mean(axis=0) - 128
    before = picture.v[rows].astype(float).mean(axis=0) - 128
    centre, old = ((w.clip(2) * np.arange(w.size)).sum() / w.clip(2).sum() for w in (weight, before))
    assert centre > old
    assert np.count_nonzero(weight > 6) > np.count_nonzero(before > 6)


def test_blacks_are_lifted_and_whites_dulled() -> None:
    black, white = (np.median(rgb_of(run("vhs", plain((value,) * 3, SIZE)))) for value in (0, 255))
    assert 5 < black < 30
    assert 220 < white < 250


def test_the_tracking_error_rolls_upwards() -> None:
    grey, scratch = plain((70, 70, 70), SIZE), moment().scratch
    places = []
    for frame in (45, 75):
        noise = run("vhs", grey, at=moment(frame, size=SIZE, scratch=scratch)).y[:170].astype(float).max(axis=1)
        places.append(float(np.argmax(noise)))
    assert places[1] < places[0]


def test_the_look_is_tied_to_time() -> None:
    picture = scene_surface()
    assert same(*(run("vhs", picture, at=moment(n, frame_rate=rate)) for n, rate in ((20, 30), (40, 60))))


def test_nothing_shines_where_the_picture_is_not() -> None:
    empty = blank(96, 54, 2, alpha=True)
    out = run("vhs", empty)
    assert not any(plane.any() for plane in out.every_plane())


def test_colours_do_not_run_over_the_edge_of_a_picture_with_alpha() -> None:
    """A grey disc stays grey up to its rim."""
    y, x = np.mgrid[:180, :320]
    disc = np.clip((50 - np.hypot(x - 160, y - 90)) * 255, 0, 255).astype(np.uint8)
    out = run("vhs", surface_of(np.full((180, 320, 3), 150, np.uint8), alpha=disc), at=moment(1, size=SIZE))
    assert out.alpha_c is not None
    shown = out.alpha_c > 200
    colours = [plane[shown].astype(float) * 255 / out.alpha_c[shown] - 128 for plane in (out.u, out.v)]
    assert max(np.abs(colour).max() for colour in colours) < 24
