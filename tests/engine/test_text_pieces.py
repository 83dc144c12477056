"""Painting parts of a text in their own way: at rest nothing changes, in motion nothing is clipped."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.motions.base import REST, Pose
from gpu_tasks.engine.text import TextRaster
from gpu_tasks.engine.text.pieces import HIDDEN, Piece, part_of, settled
from gpu_tasks.timeline.request import TextElement
from tests.engine.text_help import CANVAS, RENDERER, colorfulness, element, ink, ink_columns

RED = (255, 0, 0, 255)
LOOKS: dict[str, dict[str, Any]] = {
    "plain": {},
    "outlined": {"stroke_color": "#ff0000", "stroke_width": 0.1},
    "see_through": {"text_color": "#ffffff80", "stroke_color": "#00ff00", "stroke_width": 3},
    "hollow": {"stroke": True, "stroke_width": 4},
    "shadow": {"shadow": True},
    "plate": {"background": True, "x_padding": 8, "border_radius": "50%"},
    "underlined": {"text_decoration": "underline"},
}
TEXTS = {"latin": "office Ågjy\nnext", "arabic": "مُحَمَّدٌ لِلّٰهِ", "deva": "क्षत्रिय र्द्ध्रू", "emoji": "Hi 👩‍💻🎉"}
POSES = {
    "turned": Pose(turn_deg=130, scale_x=1.4, scale_y=0.8),
    "far": Pose(x_px=-90, y_px=70, blur_px=6),
    "tilted": Pose(tilt_x_deg=60, tilt_y_deg=-40, scale_x=1.5),
    "split": Pose(split_px=9, shine=0.5),
    "half_shown": Pose(shown=(0.2, 0, 1, 0.6), opacity=0.5),
    "mirrored": Pose(scale_x=-1.2, tilt_y_deg=150),
}


def letters(target: TextElement, **changes: Any) -> tuple[Piece, ...]:
    """All letters as pieces with the same changes."""
    spots = RENDERER.layout(target, CANVAS).spots("letter")
    return tuple(Piece(spot.start, spot.end, **changes) for spot in spots)


def painted(target: TextElement, *pieces: Piece, **options: Any) -> TextRaster:
    return RENDERER.render(target, CANVAS, pieces=pieces, **options)


def differences(first: TextRaster, second: TextRaster) -> NDArray[np.int_]:
    """How far two rasters differ where they lie in the box, for every pixel the most of its channels."""
    left, top = min(first.origin_x, second.origin_x), min(first.origin_y, second.origin_y)
    width = max(r.origin_x + r.rgba.shape[1] for r in (first, second)) - left
    height = max(r.origin_y + r.rgba.shape[0] for r in (first, second)) - top
    boards = []
    for raster in (first, second):
        board = np.zeros((height, width, 4), int)
        y, x = raster.origin_y - top, raster.origin_x - left
        board[y : y + raster.rgba.shape[0], x : x + raster.rgba.shape[1]] = raster.rgba
        boards.append(board)
    most: NDArray[np.int_] = np.abs(boards[0] - boards[1]).max(axis=2)
    return most


@pytest.mark.parametrize(("text", "look"), list(itertools.product(TEXTS, LOOKS)))
def test_pieces_at_rest_are_the_plain_text(text: str, look: str) -> None:
    target = element(TEXTS[text], font_size=60, **LOOKS[look])
    plain = RENDERER.render(target, CANVAS)
    assert differences(painted(target, *letters(target)), plain).max() == 0


@pytest.mark.parametrize(("text", "look"), list(itertools.product(TEXTS, LOOKS)))
def test_motion_ends_where_the_plain_text_stands(text: str, look: str) -> None:
    target = element(TEXTS[text], font_size=60, **LOOKS[look])
    nearly = letters(target, pose=Pose(y_px=1e-6, opacity=0.99999))
    found = differences(painted(target, *nearly), RENDERER.render(target, CANVAS))
    # Where letters or bars touch, antialiased edges are painted over one another instead of as one.
    assert found.mean() < 0.2
    assert (found > 8).mean() < 0.004


@pytest.mark.parametrize(("pose", "look"), list(itertools.product(POSES, LOOKS)))
def test_nothing_is_clipped_in_motion(pose: str, look: str) -> None:
    target = element("Ågj 🎉\nस्त्री", font_size=50, leading=0.8, **LOOKS[look])
    rgba = painted(target, *letters(target, pose=POSES[pose], glow=0.5)).rgba
    edges = [rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]]
    assert max(int(edge[..., 3].max()) for edge in edges) == 0
    assert ink(rgba) > 50
    assert (rgba[..., :3].max(axis=2) <= rgba[..., 3]).all()


@pytest.mark.parametrize("changes", [{"plate": RED}, {"glow": 1.0}, {"caret": True}])
def test_marks_are_not_clipped(changes: dict[str, Any]) -> None:
    target = element("Ågj", font_size=50)
    rgba = painted(target, *letters(target, **changes)).rgba
    assert max(int(edge[..., 3].max()) for edge in (rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1])) == 0
    assert ink(rgba) > ink(RENDERER.render(target, CANVAS).rgba)


def test_a_window_bounds_what_is_painted() -> None:
    target = element("Window", font_size=60)
    away = letters(target, pose=Pose(x_px=5000))
    assert painted(target, *away, window=(0, 0, 300, 100)).rgba.size == 0
    moved = letters(target, pose=Pose(x_px=40, turn_deg=20))
    part = painted(target, *moved, window=(60, 10, 130, 60))
    assert part.rgba.shape[:2] == (50, 70)
    assert ink(part.rgba) > 100


def test_a_letter_that_flies_off_costs_no_memory() -> None:
    target = element("ab", font_size=60)
    assert painted(target, Piece(0, 1, Pose(x_px=1e6, y_px=1e6, scale_x=50))).rgba.shape[0] < 2000


def test_an_offset_moves_a_letter_and_its_neighbours_stay() -> None:
    target = element("l l", font_size=60)
    plain = RENDERER.render(target, CANVAS)
    moved = painted(target, Piece(2, 3, Pose(x_px=50)))
    assert moved.origin_x + ink_columns(moved.rgba)[1] == plain.origin_x + ink_columns(plain.rgba)[1] + 50
    assert moved.origin_x + ink_columns(moved.rgba)[0] == plain.origin_x + ink_columns(plain.rgba)[0]


def test_a_letter_grows_about_its_own_middle() -> None:
    target = element("O", font_size=100)
    small, large = (painted(target, Piece(0, 1, Pose(scale_x=s, scale_y=s))) for s in (1, 2))
    centres = [raster.origin_x + sum(ink_columns(raster.rgba)) / 2 for raster in (small, large)]
    assert centres[0] == pytest.approx(centres[1], abs=1)
    assert ink(large.rgba) == pytest.approx(4 * ink(small.rgba), rel=0.02)


def test_scale_enlarges_motion_too() -> None:
    target = element("Ab", font_size=40)
    pieces = letters(target, pose=Pose(x_px=30, turn_deg=20, blur_px=1))
    assert ink(painted(target, *pieces, scale=2).rgba) == pytest.approx(
        4 * ink(painted(target, *pieces).rgba), rel=0.03
    )


def test_opacity_fades_outline_and_fill_as_one() -> None:
    fields: dict[str, Any] = {"font_size": 120, "stroke_color": "#ff0000", "stroke_width": 12}
    target = element("O", **fields)
    full, half = RENDERER.render(target, CANVAS), painted(target, Piece(0, 1, Pose(opacity=0.5)))
    assert half.rgba[..., 3].max() in (127, 128)
    assert differences(replace(full, rgba=(full.rgba / 2).astype(np.uint8)), half).max() <= 40
    assert ink(half.rgba) == pytest.approx(ink(full.rgba) / 2, rel=0.01)


def test_hidden_letters_leave_no_trace() -> None:
    target = element("ab", font_size=60)
    assert ink(painted(target, Piece(0, 2, HIDDEN)).rgba) == 0
    assert ink(painted(target, Piece(0, 2, Pose(scale_x=0))).rgba) == 0


def test_a_blur_spreads_but_keeps_the_ink() -> None:
    target = element("Blur", font_size=80)
    plain, soft = RENDERER.render(target, CANVAS), painted(target, *letters(target, pose=Pose(blur_px=5)))
    assert soft.rgba[..., 3].max() < 255
    assert soft.rgba.shape[1] > plain.rgba.shape[1] + 20
    assert ink(soft.rgba) == pytest.approx(ink(plain.rgba), rel=0.08)


def test_blurred_emoji_stay_colourful() -> None:
    for fields in ({}, {"text_decoration": "underline"}):
        target = element("🎉", font_size=80, **fields)
        assert colorfulness(painted(target, *letters(target, pose=Pose(blur_px=4))).rgba) > 100


def test_a_colour_replaces_the_fill_and_hollow_outlines() -> None:
    for fields in ({}, {"stroke": True}, {"text_color": "#ffffff40"}):
        target = element("O", font_size=100, **fields)
        rgba = painted(target, Piece(0, 1, color=RED)).rgba
        assert rgba[..., 3].max() == 255
        assert (rgba[..., 1] == 0).all()


def test_shine_lifts_colours_to_white() -> None:
    target = element("█", font_size=60, text_color="#204060")
    levels = [int(painted(target, Piece(0, 1, Pose(shine=s))).rgba[..., 0].max()) for s in (0, 0.5, 1)]
    assert levels == [32, 144, 255]


def test_a_split_shows_red_and_blue_at_the_sides() -> None:
    target = element("█", font_size=60)
    rgba = painted(target, Piece(0, 1, Pose(split_px=6))).rgba.astype(int)
    row = rgba[rgba.shape[0] // 2]
    left, right = ink_columns(rgba.astype(np.uint8))
    assert row[left + 2, 0] > row[left + 2, 2] + 100
    assert row[right - 2, 2] > row[right - 2, 0] + 100


def test_a_glow_surrounds_the_letter_in_its_colour() -> None:
    target = element("I", font_size=100)
    rgba = painted(target, Piece(0, 1, color=RED, glow=1.0)).rgba
    halo = rgba[rgba.shape[0] // 2, :, :]
    faint = halo[(halo[:, 3] > 20) & (halo[:, 3] < 200)]
    assert len(faint) > 10
    assert (faint[:, 1] == 0).all()


def test_a_plate_lies_behind_its_word_and_covers_it() -> None:
    target = element("one two", font_size=60, text_color="#ffffff")
    plain, marked = RENDERER.render(target, CANVAS), painted(target, Piece(4, 7, plate=RED))
    assert (marked.rgba[..., 1] > 200).sum() == pytest.approx((plain.rgba[..., 1] > 200).sum(), rel=0.03)
    red = (marked.rgba[..., 0] > 200) & (marked.rgba[..., 1] < 60)
    columns = np.flatnonzero(red.any(axis=0)) + marked.origin_x
    word = RENDERER.layout(target, CANVAS).words()[1]
    assert word.x - 15 < columns[0] < word.x < word.x + word.width < columns[-1] < word.x + word.width + 15


def test_a_caret_stands_where_the_next_character_comes() -> None:
    for text, place, side in (("ll", 1, 1), ("ll", 2, 1), ("שש", 1, -1), ("שש", 2, -1)):
        target = element(text, font_size=60)
        only = painted(target, Piece(0, place, HIDDEN), Piece(place, 2, HIDDEN, caret=True))
        x = only.origin_x + sum(ink_columns(only.rgba)) / 2
        first, second = (spot.bounds for spot in RENDERER.layout(target, CANVAS).spots("letter"))
        edge = (second if place == 1 else (second[2], 0, second[0], 0))[0 if side > 0 else 2]
        assert (x - edge) * side == pytest.approx(3, abs=1.5), (text, place)
        assert first != second


def test_underlines_move_with_their_letters_and_leave_no_crumbs() -> None:
    target = element("a b", font_size=60, text_decoration="underline")
    assert ink(painted(target, *letters(target, pose=HIDDEN)).rgba) == 0
    whole, first = RENDERER.render(target, CANVAS), painted(target, Piece(2, 3, HIDDEN))
    assert ink_columns(first.rgba)[1] < ink_columns(whole.rgba)[1]


def test_a_part_moves_as_its_whole_does() -> None:
    pose = part_of(Pose(x_px=5, scale_x=2, scale_y=2, turn_deg=90), (0, 0), (10, 0))
    assert (pose.x_px, pose.y_px) == pytest.approx((5 - 10, 20))
    assert part_of(REST, (0, 0), (10, 0)) == REST


def test_equal_pictures_are_equal_values() -> None:
    assert settled([Piece(0, 1), Piece(1, 3)]) is None
    assert settled([]) is None
    moved = [Piece(0, 1, Pose(x_px=4, opacity=0)), Piece(1, 2, Pose(scale_x=0)), Piece(2, 3, Pose(y_px=1))]
    found = settled(moved)
    assert found == (Piece(0, 2, HIDDEN), Piece(2, 3, Pose(y_px=1)))
    assert hash(found) == hash(settled(moved))


def test_tiny_texts_and_rasters_are_harmless() -> None:
    target = element("a", font_size=0.5)
    for pose in POSES.values():
        painted(target, Piece(0, 1, pose, glow=1.0, plate=RED, caret=True))
    for text in (" ", "\n"):
        painted(element("x").model_copy(update={"text": text}), Piece(0, 1, POSES["turned"], glow=1, plate=RED))
