"""What moves as one letter: whole grapheme clusters, ligatures and joined words, in reading order."""

import pytest

from gpu_tasks.engine.text.spots import Unit
from tests.engine.text_help import CANVAS, RENDERER, element


def units(text: str, unit: Unit = "letter", **fields: object) -> list[str]:
    layout = RENDERER.layout(element(text, font_size=40, **fields), CANVAS)
    return [layout.block.text[spot.start : spot.end] for spot in layout.spots(unit)]


def test_letters_carry_the_white_space_behind_them() -> None:
    assert units("Hi you") == ["H", "i ", "y", "o", "u"]


@pytest.mark.parametrize("emoji", ["👩‍💻", "👨‍👩‍👧‍👦", "👋🏽", "🇩🇪", "🏳️‍🌈", "1️⃣"])
def test_emoji_sequences_are_one_letter(emoji: str) -> None:
    assert units(f"a{emoji}{emoji}") == ["a", emoji, emoji]


def test_accents_stay_on_their_letters() -> None:
    assert units("e\u0301a\u0308") == ["e\u0301", "a\u0308"]
    assert units("น้ำ ที่") == ["น้ำ ", "ที่"]


def test_ligatures_stay_whole() -> None:
    assert units("office", font_family="Playfair Display") == ["o", "ffi", "c", "e"]
    assert units("office", font_family="Playfair Display", tracking=50) == list("office")


@pytest.mark.parametrize("text", ["سلام عليكم", "नमस्ते दुनिया"])
def test_joined_scripts_move_by_words(text: str) -> None:
    assert [unit.strip() for unit in units(text)] == text.split()


def test_joined_words_end_where_other_letters_begin() -> None:
    assert units("سلام abc") == ["سلام ", "a", "b", "c"]


def test_right_to_left_letters_come_in_reading_order() -> None:
    layout = RENDERER.layout(element("שלום", font_size=40), CANVAS)
    lefts = [spot.bounds[0] for spot in layout.spots("letter")]
    assert units("שלום") == list("שלום")
    assert lefts == sorted(lefts, reverse=True)


def test_words_and_lines_are_units_as_well() -> None:
    text = "one two\nthree"
    assert units(text, "word") == ["one ", "two", "three"]
    assert units(text, "line") == ["one two", "three"]


def test_a_word_broken_over_two_lines_is_two_units() -> None:
    broken = units("go Donaudampfschifffahrt", "word", width=200)
    assert len(broken) > 2
    assert "".join(broken).replace(" ", "") == "goDonaudampfschifffahrt"


@pytest.mark.parametrize("text", ["Hi 👩‍💻 נ1 سلام क्ष", "a\n\nb", " x ", "co\u00adop"])
@pytest.mark.parametrize("unit", ["letter", "word", "line"])
def test_units_cover_all_ink_once(text: str, unit: Unit) -> None:
    layout = RENDERER.layout(element(text, font_size=40), CANVAS)
    held = [place for spot in layout.spots(unit) for place in range(spot.start, spot.end)]
    assert held == sorted(set(held))
    assert {place for place, character in enumerate(layout.block.text) if not character.isspace()} <= set(held)


@pytest.mark.parametrize("text", [" ", "\n", "\u200b"])
def test_a_text_without_ink_has_no_letters(text: str) -> None:
    assert units(text) == []


def test_bounds_lie_in_the_box() -> None:
    layout = RENDERER.layout(element("Hi you", font_size=40, width=600, x_padding=30, text_align="left"), CANVAS)
    first = layout.spots("letter")[0]
    assert first.bounds[0] == pytest.approx(30)
    assert first.bounds[3] - first.bounds[1] == pytest.approx(48)
    assert first.centre == pytest.approx(layout.centre(first.start, first.end))
