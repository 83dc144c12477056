"""The builder as a Python programmer meets it."""

from typing import Any

import pytest

from framelane.timeline import InvalidTimeline, Timeline

CLIP, PHOTO = "https://a.test/a.mp4", "https://a.test/p.png"


def test_a_call_leaves_the_timeline_that_it_is_called_on_as_it_was() -> None:
    start = Timeline(width=640, height=360)
    longer = start.video(CLIP, duration=4).text("Hello", duration=2)
    assert start.build()["elements"] == []
    assert [element["type"] for element in longer.build()["elements"]] == ["video", "text"]


def test_what_is_built_and_what_was_given_are_not_part_of_the_timeline() -> None:
    motion: list[dict[str, Any]] = [{"type": "fade", "time": 0, "duration": 1}]
    film = Timeline().image(PHOTO, duration=2, motion=motion)
    motion[0]["type"] = "nonsense"
    film.build()["elements"][0]["motion"].clear()
    assert film.build()["elements"][0]["motion"] == [{"type": "fade", "time": 0, "duration": 1}]


def test_equal_calls_make_equal_timelines() -> None:
    assert Timeline().image(PHOTO, duration=2) == Timeline().image(PHOTO, duration=2)
    assert Timeline().image(PHOTO, duration=2) != Timeline().image(PHOTO, duration=3)


def test_it_knows_how_long_the_film_is_where_that_can_be_known() -> None:
    film = Timeline().video(CLIP, duration=4).transition("cross_dissolve", 0.8).image(PHOTO, duration=2)
    assert film.duration == 5.2
    assert film.video(CLIP).duration is None
    assert Timeline().duration is None
    assert Timeline(duration=7).video(CLIP).duration == 7
    assert repr(film) == "<Timeline of 2 elements, 5.2 s>"
    assert repr(Timeline().video(CLIP)) == "<Timeline of 1 element, unknown length>"


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Timeline().image(PHOTO, duration=0), "duration 0: seconds greater than 0, at most 86400, are"),
        (lambda: Timeline().image(PHOTO, duration=1, time=-1), "time -1: seconds from 0 to 86400 are accepted"),
        (lambda: Timeline().video(CLIP, duration=True), "duration True: seconds greater than 0"),
        (lambda: Timeline().video(CLIP, duration=float("nan")), "duration nan: seconds greater than 0"),
        (lambda: Timeline().video(CLIP, duration=86_400, in_point=1), "leave its source at 86401 s"),
        (lambda: Timeline().video(CLIP).image(PHOTO, duration=1), "only its source knows when clip 'clip-1' ends"),
        (lambda: Timeline().image(PHOTO, duration=1).transition("cube", 2), "at most 1 s are accepted"),
        (lambda: Timeline().transition("cube").build(), "transition 'cube' joins nothing"),
        (lambda: Timeline().captions([{"text": "a", "start": 0}]), "words.0.end None: seconds greater than 0"),
        (lambda: Timeline().captions([{"start": 0, "end": 1}]), "words.0.text: None is no text"),
    ],
)
def test_what_cannot_be_built_says_which_field_and_what_is_accepted(build: Any, message: str) -> None:
    with pytest.raises(InvalidTimeline, match=message):
        build()


def test_words_may_be_objects() -> None:
    class Word:
        text, start, end = "Hello", 1.0, 1.5

    text = Timeline().captions([Word()], style="box", y="85%").build()["elements"][0]
    assert text["word_animation"] == {"style": "box", "words": [{"text": "Hello", "start": 1, "end": 1.5}]}
    assert (text["text"], text["time"], text["duration"], text["y"]) == ("Hello", 1, 0.5, "85%")
