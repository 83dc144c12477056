"""Where lines and words stand: wrapping, alignment, tracking, leading, direction and the box."""

from itertools import pairwise

import pytest

from gpu_tasks.engine.text import TextLayout
from tests.engine.text_help import CANVAS, RENDERER, element, ink_columns, raster

LOREM = "Alice told Bob that Charlie would bring the long ladder over on Thursday evening"


def layout(text: str, **fields: object) -> TextLayout:
    return RENDERER.layout(element(text, **fields), CANVAS)


def lines_of(text: str, **fields: object) -> list[str]:
    block = layout(text, **fields).block
    return [block.text[line.start : line.end] for line in block.lines]


def test_text_wraps_at_the_explicit_width() -> None:
    found = layout(LOREM, font_size=40, width=500)
    assert len(found.block.lines) > 3
    assert max(line.width for line in found.block.lines) <= 500
    assert found.width == 500


def test_padding_narrows_the_lines() -> None:
    assert len(lines_of(LOREM, font_size=40, width=500, x_padding=100)) > len(lines_of(LOREM, font_size=40, width=500))


def test_without_a_width_the_canvas_wraps_and_the_box_is_as_wide_as_the_text() -> None:
    found = layout(LOREM, font_size=60)
    assert len(found.block.lines) == 2
    assert found.width == max(line.width for line in found.block.lines) < CANVAS[0]


def test_nowrap_keeps_one_line_but_for_newlines() -> None:
    assert lines_of(f"{LOREM}\nnext", font_size=60, text_wrap="nowrap") == [LOREM, "next"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_explicit_newlines_break_lines(newline: str) -> None:
    assert lines_of(f"one{newline}{newline}two", font_size=20) == ["one", "", "two"]


def test_a_word_wider_than_the_box_breaks_between_letters() -> None:
    pieces = lines_of("go Donaudampfschifffahrt now", font_size=40, width=200)
    assert "".join(pieces).replace(" ", "") == "goDonaudampfschifffahrtnow"
    assert pieces[0] == "go"
    assert max(line.width for line in layout("Donaudampfschifffahrt", font_size=40, width=200).block.lines) <= 200


def test_a_soft_hyphen_shows_where_the_line_breaks() -> None:
    broken = layout("Donau\u00addampf", font_size=40, width=150).block.lines
    plain = layout("Donau", font_size=40).block.lines
    assert len(broken) == 2
    assert broken[0].width > plain[0].width + 5


def test_emoji_sequences_are_never_torn() -> None:
    family = "👨‍👩‍👧‍👦"
    assert set(lines_of(family * 6, font_size=60, width=150)) == {family * 2}


def test_cjk_breaks_between_characters_but_not_before_a_full_stop() -> None:
    pieces = lines_of("春はあけぼの。やうやう白くなりゆく山ぎは。", font_size=40, width=245)
    assert len(pieces) > 3
    assert not any(piece.startswith("。") for piece in pieces)


def test_thai_breaks_between_words() -> None:
    pieces = lines_of("สวัสดีชาวโลกภาษาไทยง่ายมาก", font_size=40, width=200)
    words = {"สวัสดี", "ชาว", "โลก", "ภาษา", "ไทย", "ง่าย", "มาก"}
    assert len(pieces) > 1
    assert all(any(piece.endswith(word) for word in words) for piece in pieces)


def test_tracking_widens_every_gap_but_not_the_end() -> None:
    plain = raster("HHHHH", font_size=100).width
    assert raster("HHHHH", font_size=100, tracking=200).width == pytest.approx(plain + 4 * 20)
    assert raster("HHHHH", font_size=100, tracking=-100).width == pytest.approx(plain - 4 * 10)


def test_tracking_does_not_tear_joined_scripts() -> None:
    assert raster("سلام", font_size=100, tracking=500).width == raster("سلام", font_size=100).width


def test_leading_is_the_distance_of_lines_in_font_sizes() -> None:
    first, second = layout("one\ntwo", font_size=50, leading=1.5).block.lines
    assert second.baseline - first.baseline == 75
    assert layout("one\ntwo", font_size=50, leading=1.5).height == 150


def test_capitals_stand_in_the_middle_of_a_line() -> None:
    painted = raster("H", font_size=200, leading=1.2)
    height = painted.rgba.shape[0]
    assert painted.origin_y + height / 2 == pytest.approx(painted.height / 2, abs=1)


@pytest.mark.parametrize("family", ["Bebas Neue", "Caveat", "Playfair Display", "Anton"])
def test_capitals_stand_in_the_middle_in_every_family(family: str) -> None:
    painted = raster("H", font_size=200, font_family=family)
    assert painted.origin_y + painted.rgba.shape[0] / 2 == pytest.approx(painted.height / 2, abs=6)


def test_an_explicit_height_centres_the_text_in_it() -> None:
    tall = layout("one\ntwo", font_size=50, height=400)
    assert tall.height == 400
    assert tall.y == pytest.approx((400 - tall.block.height) / 2)


def test_dimensions_may_be_shares_of_the_canvas() -> None:
    found = layout("one", font_size=50, width="50%", height="25%", x_padding="5%", text_align="left")
    assert (found.width, found.height, found.x) == (640, 180, 64)


def test_lines_align_left_centre_and_right() -> None:
    starts = {
        align: layout("A long first line\nHi", font_size=40, text_align=align).block.lines[1].x
        for align in ("left", "center", "right")
    }
    assert starts["left"] == 0
    assert starts["right"] == pytest.approx(2 * starts["center"])


def test_centred_text_is_symmetric_in_its_box() -> None:
    painted = raster("OHO", font_size=90, width=800)
    left, right = ink_columns(painted.rgba)
    assert (painted.origin_x + left) + (painted.origin_x + right + 1) == pytest.approx(800, abs=1.5)


def test_tracked_text_stays_centred() -> None:
    painted = raster("OHO", font_size=90, width=800, tracking=300)
    left, right = ink_columns(painted.rgba)
    assert (painted.origin_x + left) + (painted.origin_x + right + 1) == pytest.approx(800, abs=1.5)


def test_words_have_rectangles_in_reading_order() -> None:
    words = layout("Alice meets Bob", font_size=40).words()
    assert [word.text for word in words] == ["Alice", "meets", "Bob"]
    assert all(left.x + left.width < right.x for left, right in pairwise(words))
    assert all(word.height == 48 for word in words)


def test_right_to_left_words_run_from_the_right() -> None:
    first, second, third = layout("אחת שתיים שלוש", font_size=40).words()
    assert first.x > second.x > third.x


def test_latin_inside_hebrew_keeps_its_own_direction() -> None:
    found = layout("שלום Alice Bob עולם", font_size=40)
    hello, alice, bob, world = found.words()
    assert hello.x > bob.x > alice.x > world.x


def test_ligatures_give_way_to_tracking() -> None:
    joined = layout("office", font_size=40, font_family="Lora").block.lines[0].runs[0].glyphs
    spread = layout("office", font_size=40, font_family="Lora", tracking=50).block.lines[0].runs[0].glyphs
    assert len(spread) == 6 >= len(joined)


def test_han_takes_the_shapes_of_its_language() -> None:
    glyphs = {text: layout(text, font_size=40).block.lines[0].runs[0].glyphs[0].glyph_id for text in ("骨の", "骨头")}
    assert glyphs["骨の"] != glyphs["骨头"]
