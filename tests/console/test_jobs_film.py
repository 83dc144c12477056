"""The picture of a timeline: when elements are, on which lane, and where on the page."""

from fractions import Fraction
from typing import Any
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.console.jobs.film.labels import MAX_LABEL, file_name, label_of, plain
from apps.console.jobs.film.lanes import MOST_LANES, stacked
from apps.console.jobs.film.listing import lines_of
from apps.console.jobs.film.picture import AXIS_PX, LANE_PX, WIDEST_PX, Picture, draw
from apps.console.jobs.film.spans import Film, Span, as_clip, film_of
from apps.console.jobs.film.ticks import clock_text, ticks_of
from gpu_tasks.timeline.request import RenderRequest

SEA = "https://cdn.example.org/sea.mp4"
HILL = "https://cdn.example.org/hill.mp4"
SONG = "https://cdn.example.org/song.mp3"
HOSTILE = [
    '"><script>alert(1)</script>',
    "{{7*7}}",
    "</text></svg>",
    "\u202egnp.exe",
    "\x00\x08\x1b\uffff",
    "w" * 255,
]


def text(time: float = 0, duration: float = 1, **fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": "Hello", "time": time, "duration": duration, **fields}


def video(url: str = SEA, **fields: Any) -> dict[str, Any]:
    return {"type": "video", "source_url": url, **fields}


def image(identity: str = "i", time: float = 0, duration: float = 1, **fields: Any) -> dict[str, Any]:
    return {
        "type": "image",
        "id": identity,
        "source_url": "https://cdn.example.org/i.png",
        "time": time,
        "duration": duration,
        **fields,
    }


def film(*elements: dict[str, Any], durations: Any = None, made_s: float | None = None, **fields: Any) -> Film:
    return film_of(RenderRequest(elements=list(elements), **fields), durations or {}, made_s)


def drawn(shown: Film) -> str:
    facts = {"film": shown, "picture": draw(shown), "lines": lines_of(shown)}
    return render_to_string("console/jobs/parts/timeline.html", facts)


def svg_of(html: str) -> ElementTree.Element:
    """The outer picture, parsed as strict XML."""
    begin, end = html.index("<svg role"), html.rindex("</svg>") + len("</svg>")
    return ElementTree.fromstring(html[begin:end])


def test_a_film_lasts_until_its_latest_end() -> None:
    shown = film(text(0.1, 0.2), text(1, 2.5))
    assert (shown.duration_s, shown.is_known) == (Fraction(7, 2), True)
    assert (shown.visuals[0].start_s, shown.visuals[0].stop_s) == (Fraction(1, 10), Fraction(3, 10))


def test_a_clip_ends_where_its_source_does() -> None:
    shown = film(video(in_point=1, speed=2), durations={SEA: Fraction(5)})
    assert (shown.duration_s, shown.visuals[0].is_open) == (Fraction(2), False)


def test_a_clip_of_unknown_length_is_open_until_the_end_of_the_film() -> None:
    shown = film(video(), text(0, 4))
    assert not shown.is_known
    assert [span.is_open for span in shown.visuals] == [True, False]
    finished = film(video(), text(0, 4), made_s=6.5)
    assert (finished.duration_s, finished.is_known, finished.visuals[0].stop_s) == (
        Fraction(13, 2),
        True,
        Fraction(13, 2),
    )


def test_what_goes_beyond_the_end_is_cut_and_what_begins_there_is_late() -> None:
    shown = film(text(0, 9), text(5, 1), text(1, 1, visible=False), duration=5)
    assert [(span.index, span.is_cut) for span in shown.visuals] == [(0, True)]
    assert (len(shown.late), len(shown.hidden)) == (1, 1)
    assert [line.note for line in lines_of(shown)] == [
        "cut by the end of the film",
        "begins after the end of the film",
        "hidden",
    ]


def test_a_film_without_elements_has_the_default_length() -> None:
    assert film().duration_s == 10


def test_transitions_have_the_windows_of_the_engine() -> None:
    shown = film(
        video(id="a", out_point=4),
        video(HILL, id="b", time=4, out_point=3),
        transitions=[{"type": "cross_dissolve", "duration": 1, "from_id": "a", "to_id": "b"}],
    )
    (join,) = shown.joins
    assert (join.start_s, join.stop_s) == (Fraction(7, 2), Fraction(9, 2))
    falling, rising = draw(shown).slopes
    assert (falling.falling, rising.falling) == (True, False)
    assert falling.y == rising.y
    assert float(falling.x) == pytest.approx(50)
    assert float(falling.width) == pytest.approx(100 / 7, abs=1e-3)


def test_a_one_sided_transition_has_one_slope() -> None:
    shown = film(text(0, 4, id="a"), transitions=[{"type": "wipe_left", "duration": 1, "to_id": "a"}])
    (slope,) = draw(shown).slopes
    assert not slope.falling
    assert "wipe left" in slope.note


def test_bars_lie_exactly_where_their_elements_are() -> None:
    picture = draw(film(text(0, 8), text(2, 4), duration=8))
    assert [(bar.x, bar.width) for bar in picture.bars] == [("0.0000", "100.0000"), ("25.0000", "50.0000")]


def test_sound_lies_below_the_picture() -> None:
    picture = draw(film({"type": "audio", "source_url": SONG, "out_point": 5}, text(0, 5)))
    words, song = sorted(picture.bars, key=lambda bar: bar.y)
    assert (words.kind, song.kind) == ("text", "audio")
    assert picture.sounds_y is not None
    assert words.y < picture.sounds_y < song.y
    assert picture.height_px == song.y + LANE_PX


def test_text_lies_above_and_the_earlier_of_equals_on_top() -> None:
    shown = film(image("a", 0, 4), image("b", 2, 4), text(0, 6), image("c", 0, 6, z_index=-1))
    assert stacked(shown.visuals) == {2: 0, 0: 1, 1: 2, 3: 3}


def test_what_follows_shares_a_lane() -> None:
    shown = film(image("a", 0, 2), image("b", 2, 2), image("c", 4, 2))
    assert set(stacked(shown.visuals).values()) == {0}


def test_a_background_image_lies_below_everything() -> None:
    shown = film(text(0, 4), image("a", 0, 4, z_index=-1000), background_image_url="https://cdn.example.org/b.png")
    lanes = stacked(shown.visuals)
    assert lanes[1_000_000] == max(lanes.values())


def test_a_long_slide_show_takes_two_lanes_instead_of_stairs() -> None:
    shown = film(*(image(f"i{number}", 2 * number, 3) for number in range(100)))
    assert set(stacked(shown.visuals).values()) == {0, 1}


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from([None, -1, 0, 3])), min_size=1, max_size=25
)


@settings(max_examples=60, deadline=None)
@given(spans)
def test_no_two_overlap_on_a_lane_and_levels_stay_apart(times: list[tuple[int, int, int | None]]) -> None:
    shown = film(*(image(f"i{n}", at, long, z_index=z) for n, (at, long, z) in enumerate(times)))
    lanes = stacked(shown.visuals)
    few = all([as_clip(a).stacking[0] for a in shown.visuals].count(z) <= MOST_LANES for z in (-1, 0, 3))
    for one in shown.visuals:
        for other in shown.visuals:
            if one is other or not _overlap(one, other):
                continue
            assert lanes[one.index] != lanes[other.index]
            is_above = as_clip(one).stacking > as_clip(other).stacking
            if few or as_clip(one).stacking[0] != as_clip(other).stacking[0]:
                assert (lanes[one.index] < lanes[other.index]) == is_above


def _overlap(one: Span, other: Span) -> bool:
    return one.start_s < other.stop_s and other.start_s < one.stop_s


@pytest.mark.parametrize("duration_s", [0.04, 0.5, 3, 59.9, 61, 600, 3599, 7200, 86_400])
@pytest.mark.parametrize("width_px", [900, 6000])
def test_ticks_begin_at_nought_and_never_crowd(duration_s: float, width_px: int) -> None:
    ticks = ticks_of(duration_s, width_px)
    places = [float(tick.percent) for tick in ticks]
    assert places[0] == 0
    assert all(0 <= place <= 100.0001 for place in places)
    assert 2 <= len(ticks) <= width_px / 80
    assert len({tick.text for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("at_s", "step_s", "expected"),
    [(0, 1, "0 s"), (0.04, 0.01, "0.04 s"), (0.005, 0.005, "0.005 s"), (59, 1, "59 s"), (65, 5, "1:05"),
     (3600, 600, "1:00:00"), (86_400, 14_400, "24:00:00"), (61.5, 0.5, "1:01.5")],
)  # fmt: skip
def test_moments_are_written_as_clocks_show_them(at_s: float, step_s: float, expected: str) -> None:
    assert clock_text(at_s, step_s) == expected


def test_many_short_elements_make_the_picture_wide_but_not_without_end() -> None:
    assert draw(film(text(0, 5), text(5, 5))).width_px is None
    wide = draw(film(*(text(n, 1) for n in range(60)))).width_px
    assert wide is not None
    assert 900 < wide <= WIDEST_PX
    assert draw(film(*(text(n, 1) for n in range(500)))).width_px == WIDEST_PX


def test_five_hundred_elements_and_a_day_are_drawn() -> None:
    elements = [text(n * 172.8, 172.8) for n in range(500)]
    picture: Picture = draw(film(*elements))
    assert len(picture.bars) == 500
    assert picture.duration_s == pytest.approx(86_400)
    assert picture.height_px == AXIS_PX + LANE_PX


def test_a_single_frame_is_drawn() -> None:
    picture = draw(film(text(0.02, 0.02), duration=0.04))
    assert [(bar.x, bar.width) for bar in picture.bars] == [("50.0000", "50.0000")]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_picture_is_well_formed_whatever_elements_are_called(name: str) -> None:
    shown = film(
        text(0, 4, name=name), image("a", 0, 4, name=name), {"type": "audio", "source_url": SONG, "name": name}
    )
    picture = svg_of(drawn(shown))
    assert not list(picture.iter("script"))
    assert len([part for part in picture.iter("svg") if "bar" in (part.get("class") or "")]) == 3
    assert "style" not in {key for part in picture.iter() for key in part.attrib}


@pytest.mark.parametrize("name", HOSTILE)
def test_labels_are_one_short_line_of_text(name: str) -> None:
    label = plain(name)
    assert len(label) <= MAX_LABEL
    assert not set(label) & set("\u202e\x00\x08\x1b\uffff\n")


def test_elements_are_called_by_name_text_or_file() -> None:
    request = RenderRequest(
        elements=[text(name="Title"), text(text="  two\nlines "), video("https://cdn.example.org/my%20film.mp4?sig=1")]
    )
    assert [label_of(element) for element in request.elements] == ["Title", "two lines", "my film.mp4"]


@pytest.mark.parametrize(
    ("url", "name"), [("https://a.example.org/", "a.example.org"), ("https://[::1", "https://[::1"), ("", "")]
)
def test_a_file_has_some_name(url: str, name: str) -> None:
    assert file_name(url) == name
