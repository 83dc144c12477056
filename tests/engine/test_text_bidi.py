"""The bidirectional algorithm against cases worked out by hand from the annex's rules."""

import pytest

from gpu_tasks.engine.text.bidi import levels, paragraph_level, visual_order

CASES = [
    ("abc", None, [0, 0, 0]),
    ("אבג", None, [1, 1, 1]),
    ("a א b", None, [0, 0, 1, 0, 0]),
    ("א a ב", None, [1, 1, 2, 1, 1]),
    ("א 12", None, [1, 1, 2, 2]),
    ("ا 12", None, [1, 1, 2, 2]),
    ("א 1,5", None, [1, 1, 2, 2, 2]),
    ("א 5%", None, [1, 1, 2, 2]),
    ("א(b)ג", None, [1, 1, 2, 1, 1]),
    ("a(ב)c", None, [0, 0, 1, 0, 0]),
    ("א [b] c", 0, [1, 0, 0, 0, 0, 0, 0]),
    ("a\u2067ב1\u2069c", None, [0, 0, 1, 2, 0, 0]),
    ("a\u202bbc\u202cd", 0, [0, 0, 2, 2, 0, 0]),
    ("a \u05d0 ", None, [0, 0, 1, 0]),
    ("א\u0301b", None, [1, 1, 2]),
]


@pytest.mark.parametrize(("text", "base", "expected"), CASES)
def test_levels_follow_the_rules(text: str, base: int | None, expected: list[int]) -> None:
    found = levels(text, base)
    removed = {place for place, character in enumerate(text) if character in "\u202b\u202c"}
    assert [level for place, level in enumerate(found) if place not in removed] == [
        level for place, level in enumerate(expected) if place not in removed
    ]


def test_the_first_strong_character_decides_the_paragraph() -> None:
    assert paragraph_level("12 אב ab") == 1
    assert paragraph_level("\u2067אב\u2069 ab") == 0
    assert paragraph_level("12") == 0


def test_visual_order_reverses_nested_levels() -> None:
    assert visual_order([0, 1, 2, 1, 0]) == [0, 3, 2, 1, 4]
    assert visual_order([1, 2, 2]) == [1, 2, 0]
    assert visual_order([]) == []


def test_deep_nesting_ends() -> None:
    assert max(levels("\u202b\u202a" * 400 + "a")) <= 126
