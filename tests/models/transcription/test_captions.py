"""Captions: lines that can be read in the time there is, one caption at a time."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpu_tasks.models.transcription.caption_breaks import (
    LINE_WIDTH,
    MAX_DURATION_MS,
    MAX_LINES,
    MIN_DURATION_MS,
    display_width,
)
from gpu_tasks.models.transcription.captions import Caption, captions_of, label
from gpu_tasks.models.transcription.transcript import Word, in_order
from tests.models.transcription.speech import TALK, spoken


def text_of(captions: list[Caption]) -> str:
    return " ".join(line for caption in captions for line in caption.lines)


def widest(captions: list[Caption]) -> int:
    return max(display_width(label(caption.speaker) + line) for caption in captions for line in caption.lines)


def test_says_every_word_once_and_in_order() -> None:
    assert text_of(captions_of(spoken(TALK))) == TALK


def test_keeps_lines_and_captions_short() -> None:
    captions = captions_of(spoken(TALK))
    assert widest(captions) <= LINE_WIDTH
    assert max(len(caption.lines) for caption in captions) <= MAX_LINES


def test_shows_captions_with_their_words() -> None:
    words = spoken(TALK, start=3000)
    captions, starts = captions_of(words), {word.start: word.text for word in words}
    assert captions[0].start == 3000
    for caption in captions:
        assert caption.lines[0].startswith(starts[caption.start])


def test_breaks_behind_sentences_where_it_can() -> None:
    text = "This is the first sentence. Here is the second one, which is longer. And a third."
    captions = captions_of(spoken(text))
    assert [" ".join(caption.lines) for caption in captions] == [
        "This is the first sentence.",
        "Here is the second one, which is longer.",
        "And a third.",
    ]


def test_breaks_lines_at_punctuation_where_that_costs_little() -> None:
    (caption,) = captions_of(spoken("Whatever you are going to say, I will not believe it."))
    assert caption.lines == ("Whatever you are going to say,", "I will not believe it.")


def test_shows_short_captions_long_enough() -> None:
    captions = captions_of([Word("Yes.", 100, 250, 1.0), Word("No.", 9000, 9100, 1.0)])
    assert [(caption.start, caption.end) for caption in captions] == [(100, 1100), (9000, 9000 + MIN_DURATION_MS)]


def test_leaves_time_to_read_where_there_is_silence() -> None:
    words = spoken("Everything was said much faster than anybody reads.", letter_ms=15, pause_ms=5)
    (caption,) = captions_of(words)
    assert 16 <= len(" ".join(caption.lines)) / ((caption.end - caption.start) / 1000) <= 17


def test_can_be_read_in_time_at_a_normal_pace() -> None:
    captions = captions_of(spoken(TALK, letter_ms=75))
    speeds = [sum(map(len, caption.lines)) / ((caption.end - caption.start) / 1000) for caption in captions]
    assert max(speeds) <= 17


def test_no_caption_stays_for_ever() -> None:
    captions = captions_of(spoken("one two three four five six seven eight", letter_ms=300, pause_ms=500))
    assert len(captions) > 1
    assert max(caption.end - caption.start for caption in captions) <= MAX_DURATION_MS + MIN_DURATION_MS


def test_a_pause_ends_a_caption() -> None:
    words = [*spoken("Wait for"), *spoken("it.", start=5000)]
    assert [caption.lines for caption in captions_of(words)] == [("Wait for",), ("it.",)]


def test_speakers_have_captions_of_their_own() -> None:
    words = [*spoken("Are you sure?", speaker="A"), *spoken("Quite.", start=900, speaker="B")]
    captions = captions_of(words)
    assert [(caption.speaker, caption.lines) for caption in captions] == [("A", ("Are you sure?",)), ("B", ("Quite.",))]


def test_lines_leave_room_for_the_name_of_a_speaker() -> None:
    assert widest(captions_of(spoken(TALK, speaker="Ermintrude the Second"))) <= LINE_WIDTH


def test_who_talks_across_another_is_not_cut_to_pieces() -> None:
    first = spoken("I was just about to explain", speaker="A")
    second = spoken("but nobody asked you", start=200, speaker="B")
    captions = captions_of(in_order([*first, *second]))
    assert sorted(" ".join(caption.lines) for caption in captions) == [
        "I was just about to explain",
        "but nobody asked you",
    ]


def test_splits_what_is_wider_than_a_line() -> None:
    url = "https://example.org/" + "x" * 100
    captions = captions_of([Word(url, 0, 6000, 1.0)])
    assert "".join(line for caption in captions for line in caption.lines) == url
    assert widest(captions) <= LINE_WIDTH


def test_counts_full_width_characters_twice() -> None:
    sentence = "長い文章は一行に収まらないので二行に分けられますがそれでも足りないことがあります。" * 2
    captions = captions_of([Word(sentence, 0, 20_000, 1.0)])
    assert "".join(line for caption in captions for line in caption.lines) == sentence
    assert widest(captions) <= LINE_WIDTH


def test_leaves_text_from_right_to_left_alone() -> None:
    text = "שלום לכולם, היום נדבר על סרטים ועל כתוביות שנכתבות מעצמן."
    assert text_of(captions_of(spoken(text))) == text


@pytest.mark.parametrize("words", [[], [Word("\u200b", 0, 5, 1.0)]])
def test_nothing_much_to_say(words: list[Word]) -> None:
    assert len(captions_of(words)) == len(words)


MOMENTS = st.integers(0, 30_000)
WORDS = st.lists(
    st.builds(
        Word,
        st.text(min_size=1, max_size=60),
        MOMENTS,
        MOMENTS,
        st.just(0.5),
        st.sampled_from([None, "A", "B", "Somebody with a long name"]),
    ),
    max_size=40,
)


@given(WORDS)
def test_any_words_make_captions_that_never_overlap(words: list[Word]) -> None:
    captions = captions_of(in_order(words))
    for caption in captions:
        assert 0 <= caption.start < caption.end
        assert 1 <= len(caption.lines) <= MAX_LINES
    assert all(before.end <= after.start for before, after in itertools.pairwise(captions))
    assert not captions or widest(captions) <= LINE_WIDTH


def test_a_long_talk_comes_through_whole() -> None:
    chance = random.Random(4)
    text = " ".join("x" * chance.randint(1, 12) for _ in range(3000))
    assert text_of(captions_of(spoken(text))) == text
