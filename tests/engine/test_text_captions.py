"""Caption tracks: which word is marked when, how words enter, and when pages turn."""

from fractions import Fraction
from typing import Any

import pytest

from gpu_tasks.engine.motions.base import REST, WHOLE
from gpu_tasks.engine.text import TextLayout
from gpu_tasks.engine.text.lettering import Lettering
from gpu_tasks.engine.text.pieces import Piece
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.request import TextElement
from tests.engine.text_help import CANVAS, RENDERER, ink

WORDS = [("Alice", 1, 1.4), ("meets", 1.5, 2), ("Bob", 3, 3.5)]
STYLES = names("word_animation_styles")


def track(style: str, words: list[Any] = WORDS, **fields: Any) -> TextElement:
    listed = [dict(zip(("text", "start", "end"), word, strict=True)) for word in words]
    fields = {"duration": 60, "font_size": 40, **fields}
    return TextElement(type="text", text="x", word_animation={"style": style, "words": listed}, **fields)


def layout(target: TextElement) -> TextLayout:
    return RENDERER.layout(target, CANVAS)


def at(target: TextElement, time: float) -> tuple[Piece, ...] | None:
    return Lettering(target, layout(target), CANVAS, (0, 0)).pieces_at(Fraction(str(time)))


def words_where(target: TextElement, time: float, field: str) -> list[str]:
    """The words whose piece has something set."""
    text = layout(target).block.text
    return [text[piece.start : piece.end] for piece in at(target, time) or () if getattr(piece, field)]


def visible(target: TextElement, time: float) -> str:
    """What can be seen of the text at a time."""
    text = layout(target).block.text
    hidden = {place for piece in at(target, time) or () if piece.is_hidden for place in range(piece.start, piece.end)}
    return "".join(character for place, character in enumerate(text) if place not in hidden).strip()


def test_a_track_shows_its_words_instead_of_its_text() -> None:
    assert layout(track("box")).block.text == "Alice meets Bob"
    spaced = [(" Alice\n", 0, 1), ("in  town", 1, 2), ("\t", 2, 3), ("\ud800", 3, 4), ("now", 4, 5)]
    found = layout(track("box", [word for word in spaced if word[0] != "\ud800"]))
    assert found.block.text == "Alice in town now"
    assert [found.block.text[start:end] for start, end in found.track] == ["Alice", "in town", "", "now"]


def test_scripts_without_spaces_get_none() -> None:
    words = [("你好", 0, 1), ("世界", 1, 2), ("OK", 2, 3), ("สวัสดี", 3, 4), ("ชาว", 4, 5), ("한국", 5, 6), ("어", 6, 7)]
    assert layout(track("box", words)).block.text == "你好世界 OK สวัสดีชาว 한국 어"


@pytest.mark.parametrize(("style", "field"), [("box", "plate"), ("color", "color"), ("glow", "glow")])
def test_the_spoken_word_is_marked(style: str, field: str) -> None:
    target = track(style)
    marked = {time: words_where(target, time, field) for time in (0.9, 1, 1.45, 1.5, 2.1, 3.2, 3.6)}
    # A pause below half a second keeps the mark, a longer one does not.
    assert marked == {0.9: [], 1: ["Alice"], 1.45: ["Alice"], 1.5: ["meets"], 2.1: [], 3.2: ["Bob"], 3.6: []}


@pytest.mark.parametrize("style", ["box", "color", "glow"])
def test_nothing_changes_between_words(style: str) -> None:
    target = track(style)
    assert at(target, 1) == at(target, 1.2) == at(target, 1.49)
    assert at(target, 1.49) != at(target, 1.5)
    assert hash(at(target, 1)) == hash(at(target, 1.2))


def test_marks_take_the_background_colour() -> None:
    red: dict[str, Any] = {"background_color": "#ff0000"}
    for style, field in (("box", "plate"), ("color", "color"), ("glow", "color")):
        found = [getattr(piece, field) for piece in at(track(style, **red), 1) or () if getattr(piece, field)]
        assert found == [(255, 0, 0, 255)]


def test_a_glow_dims_the_other_words() -> None:
    opacities = {piece.pose.opacity for piece in at(track("glow"), 1) or ()}
    assert opacities == {1.0, 0.45}


def test_a_word_pops_and_settles_back() -> None:
    target = track("scale_pop", [("go", 1, 1.4), ("on", 2.4, 3)])
    scales = {time: max((p.pose.scale_x for p in at(target, time) or ()), default=1.0) for time in (1, 1.06, 1.3, 1.6)}
    assert scales[1] == 1
    assert scales[1.06] > scales[1.3] == pytest.approx(1.15)
    assert scales[1.6] == 1
    assert at(target, 1.6) is None


def test_its_neighbours_make_room_for_a_word_that_pops() -> None:
    target = track("scale_pop", [("left", 0, 1), ("go", 1, 2), ("right", 2, 3)])
    left, middle, right = (at(target, 1.3) or ())[0::2]
    assert left.pose.x_px == -right.pose.x_px < 0
    assert middle.pose.x_px == 0
    assert left.pose.y_px == 0


def test_long_words_pop_less() -> None:
    words = [("extraordinarily", 1, 2), ("so", 2, 3)]
    long, short = (max(p.pose.scale_x for p in at(track("scale_pop", words), time) or ()) for time in (1.5, 2.5))
    assert 1 < long < 1.08 < short


@pytest.mark.parametrize("style", ["slide_up", "fly_in"])
def test_words_enter_when_they_are_spoken_and_stay(style: str) -> None:
    target = track(style)
    assert [visible(target, time) for time in (0.5, 1.1, 1.9, 2.9)] == ["", "Alice", "Alice meets", "Alice meets"]
    assert at(target, 5) is None


def test_a_word_rises_while_it_fades_in() -> None:
    target = track("slide_up")
    rising = [(at(target, 1 + step) or ())[0].pose for step in (0.03, 0.08, 0.14)]
    assert [pose.y_px for pose in rising] == sorted((pose.y_px for pose in rising), reverse=True)
    assert 0 < rising[0].y_px < 0.6 * 40
    assert rising[0].opacity < rising[1].opacity < 1


def test_a_word_flies_past_its_place_and_back() -> None:
    target = track("fly_in", [("Alice", 1, 2)])
    heights = [(at(target, 1 + step / 100) or (Piece(0, 5),))[0].pose.y_px for step in range(4, 40, 4)]
    assert heights[0] > 5
    assert min(heights) < -0.5
    assert heights[-1] == 0


@pytest.mark.parametrize("style", STYLES)
def test_the_newest_word_counts_where_times_overlap_or_are_unsorted(style: str) -> None:
    words = [("two", 2, 9), ("one", 1, 5), ("three", 3, 4)]
    target = track(style, words)
    for time in (0, 1, 1.05, 2.05, 3.05, 3.9, 4.1, 8):
        at(target, time)
    if style == "box":
        assert [words_where(target, time, "plate") for time in (1.5, 2.5, 3.5)] == [["one"], ["two"], ["three"]]


LONG = [(f"w{i:02d}", i, i + 0.9) for i in range(24)]


@pytest.mark.parametrize("style", ["box", "scale_pop"])
def test_a_box_of_two_lines_shows_two_lines_at_a_time(style: str) -> None:
    target = track(style, LONG, width=330, height=100)
    lines = layout(target).block.lines
    text = layout(target).block.text
    pages = [text[lines[i].start : lines[i + 1].end] for i in range(0, len(lines), 2)]
    assert len(pages) >= 3
    assert visible(target, 0) == pages[0]
    second = int(pages[1].split()[0][1:])
    assert visible(target, second - 0.01) == pages[0]
    assert visible(target, second) == pages[1]
    assert visible(target, 59) == pages[-1]


def test_every_page_stands_in_the_middle_of_the_box() -> None:
    target = track("box", LONG, width=330, height=110)
    for time in (0.5, 12.5, 23.5, 40):
        painted = RENDERER.render(target, CANVAS, pieces=at(target, time))
        assert painted.height == 110
        top, bottom = painted.origin_y, painted.origin_y + painted.rgba.shape[0]
        assert 0 <= top < bottom <= 110
        assert (top + bottom) / 2 == pytest.approx(55, abs=26)


def test_padding_takes_room_from_the_lines() -> None:
    assert len(layout(track("box", LONG, width=330, height=150)).pages) < len(
        layout(track("box", LONG, width=330, height=150, y_padding=40)).pages
    )


def test_a_track_that_is_taller_than_the_canvas_turns_pages_too() -> None:
    words = [(f"word{i}", i / 10, i / 10 + 0.1) for i in range(600)]
    found = layout(track("box", words, width=300))
    assert found.height <= CANVAS[1]
    assert len(found.pages) > 1


def test_a_box_that_is_too_low_still_shows_a_line() -> None:
    target = track("box", LONG, width=330, height=5)
    assert {page.lines for page in layout(target).pages} == {1}
    assert at(track("box", LONG, width=330, leading=0), 3) is not None


def test_words_enter_on_later_pages_as_well() -> None:
    target = track("slide_up", LONG, width=330, height=50)
    assert visible(target, 23.8).startswith("w2")
    assert [visible(target, time) for time in (23.8, 50)] == [visible(target, 40)] * 2


def test_a_word_broken_over_lines_is_marked_in_each() -> None:
    target = track("box", [("Donaudampfschifffahrt", 0, 1)], width=200)
    assert len(words_where(target, 0.5, "plate")) > 1


def test_right_to_left_and_joined_words_are_marked_whole() -> None:
    for words in (["مرحبا", "بالعالم"], ["नमस्ते", "दुनिया"], ["שלום", "עולם"]):
        target = track("box", [(word, place, place + 1) for place, word in enumerate(words)])
        assert [words_where(target, time, "plate") for time in (0.5, 1.5)] == [[words[0]], [words[1]]]


def test_the_permanent_plate_stays_and_its_marks_stand_out() -> None:
    fields: dict[str, Any] = {"background": True, "background_color": "#3050ff", "background_opacity": 50}
    target = track("box", **fields, x_padding=20, y_padding=20)
    before, during = (RENDERER.render(target, CANVAS, pieces=at(target, time)) for time in (0, 1.2))
    assert before.rgba[20, 20, 3] == 128
    assert before.rgba[20, 20, 2] < 60
    assert (during.rgba[..., 2] > 250).sum() > (before.rgba[..., 2] > 250).sum() + 500


def test_motions_of_a_track_move_its_words() -> None:
    fade = {"type": "fade", "time": 1, "duration": 2, "scope": "character", "easing": "linear"}
    target = track("box", motion=[fade])
    found = at(target, 1.8) or ()
    assert len(found) == 3
    assert found[1].plate is not None
    assert found[0].pose.opacity > found[1].pose.opacity > found[2].pose.opacity
    assert at(target, 3.2) == at(track("box"), 3.2) or len(at(target, 3.2) or ()) > 0


def test_a_track_without_any_letter_is_harmless() -> None:
    for style in STYLES:
        target = track(style, [(" ", 0, 1), ("\u200b", 1, 2)])
        for time in (0, 0.5, 1.5, 3):
            assert ink(RENDERER.render(target, CANVAS, pieces=at(target, time)).rgba) == 0


@pytest.mark.parametrize("style", STYLES)
def test_a_settled_word_is_at_rest(style: str) -> None:
    if style in ("scale_pop", "slide_up", "fly_in"):
        assert at(track(style), 50) is None
    for piece in at(track(style), 50) or ():
        assert piece.pose.shown == WHOLE
        assert piece.pose == REST or style == "glow"
