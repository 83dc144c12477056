"""Sizes, lengths and JSON as the staff reads them."""

import pytest

from framelane.api.staff_cells import badge, length, megabytes, readable


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (None, "-"),
        (0, "0.0 kB"),
        (99_949, "99.9 kB"),
        (1_234_567, "1.2 MB"),
        (123_456_789, "123 MB"),
        (24_000_000_000, "24.0 GB"),
    ],
)
def test_sizes(size_bytes: int | None, text: str) -> None:
    assert megabytes(size_bytes) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "-"), (0, "0:00"), (75.2, "1:15"), (59.6, "1:00"), (3661, "1:01:01")]
)
def test_lengths(seconds: float | None, text: str) -> None:
    assert length(seconds) == text


def test_a_state_is_a_word_and_a_colour() -> None:
    assert badge("failed") == '<span class="badge badge-bad">failed</span>'
    assert badge("<b>") == '<span class="badge badge-plain">&lt;b&gt;</span>'


def test_json_is_inert_keeps_its_direction_and_no_query() -> None:
    shown = readable({"<b>": "a\u202eb", "url": "see https://bob:sesame@example.org/x?key=sesame now"})
    assert "<b>" not in shown
    assert "\u202e" not in shown
    assert "a\\u202eb" in shown
    assert "sesame" not in shown
    assert "https://example.org/x" in shown
