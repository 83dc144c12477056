"""A transcript's words as captions of a film: they go into a render request as they are."""

from fractions import Fraction
from itertools import pairwise

import pytest

from gpu_tasks.models.transcription.elements import MAX_ELEMENTS, MAX_WORDS, PAUSE_MS, caption_elements
from gpu_tasks.models.transcription.transcript import Word, in_order
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.lint import lint, parse_render
from gpu_tasks.timeline.request import TextElement
from tests.models.transcription.speech import TALK, spoken
from tests.timeline.scenes import plan_of, video


def test_a_film_with_captions_is_valid_and_has_a_plan() -> None:
    elements = caption_elements(spoken(TALK, start=400))
    request = parse_render({"elements": [video(), *elements]})
    assert lint(request) == []
    assert plan_of(video(), *elements, duration_s=40).canvas.duration_s == 40


def test_words_keep_their_times_in_seconds() -> None:
    (element,) = caption_elements([Word("Hello", 1250, 1500, 0.9), Word("there.", 1520, 2000, 0.9)])
    assert element["word_animation"]["words"] == [
        {"text": "Hello", "start": 1.25, "end": 1.5},
        {"text": "there.", "start": 1.52, "end": 2.0},
    ]
    assert (element["text"], element["time"], element["duration"]) == ("Hello there.", 1.25, 0.75)


@pytest.mark.parametrize("style", names("word_animation_styles"))
def test_every_style_may_be_asked_for(style: str) -> None:
    elements = caption_elements(spoken("Any style."), style)
    (element,) = parse_render({"elements": elements}).elements
    assert isinstance(element, TextElement)
    assert element.word_animation is not None
    assert element.word_animation.style == style


def test_captions_leave_the_picture_in_a_pause() -> None:
    words = [*spoken("First."), *spoken("Second.", start=10_000)]
    first, second = caption_elements(words)
    assert first["time"] + first["duration"] < second["time"] == 10


def test_captions_follow_each_other_without_overlap() -> None:
    words = spoken(" ".join(["word"] * (2 * MAX_WORDS + 10)))
    elements = caption_elements(words)
    assert [len(element["word_animation"]["words"]) for element in elements] == [MAX_WORDS, MAX_WORDS, 10]
    for before, after in pairwise(elements):
        assert before["time"] + before["duration"] <= after["time"]


def test_speakers_share_a_track() -> None:
    words = in_order([*spoken("Who is it?", speaker="A"), *spoken("Nobody.", start=100, speaker="B")])
    (element,) = caption_elements(words)
    assert element["text"] == "Who Nobody. is it?"


def test_the_last_captions_do_not_make_the_film_longer() -> None:
    words = [Word("End.", 11_500, 12_000, 0.9)]
    assert plan_of(video(), *caption_elements(words)).canvas.duration_s == Fraction(12)


def test_a_film_of_many_pauses_still_has_room_for_other_elements() -> None:
    words = [Word("Again.", number * (PAUSE_MS + 500), number * (PAUSE_MS + 500) + 400, 1.0) for number in range(2000)]
    elements = caption_elements(words)
    assert len(elements) <= MAX_ELEMENTS
    assert lint(parse_render({"elements": elements})) == []


@pytest.mark.parametrize(
    "words",
    [
        [Word("x" * 5000, 0, 100, 1.0)],
        [Word("word", 0, 1, 1.0)] * (MAX_WORDS + 5),
        [Word("y" * 200, 86_000_000, 86_399_000, 1.0)] * MAX_WORDS,
    ],
)
def test_odd_words_still_make_a_valid_request(words: list[Word]) -> None:
    assert parse_render({"elements": caption_elements(words)}).elements


def test_silence_has_no_captions() -> None:
    assert caption_elements([]) == []
