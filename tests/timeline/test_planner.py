"""A plan says in exact frames what a request means."""

from fractions import Fraction

import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from tests.timeline.scenes import CLIP, LOGO, MUSIC, image, plan_of, sources, text, video


def test_an_empty_film_lasts_ten_seconds() -> None:
    plan = plan_of()
    assert plan.canvas.frame_count == 300
    assert plan.canvas.size == (1280, 720)


def test_a_film_ends_with_its_last_visible_element() -> None:
    plan = plan_of(video(out_point=3), text(time=4, duration=1.5), text(time=50, visible=False))
    assert plan.canvas.frame_count == round(5.5 * 30)


def test_a_clip_without_out_point_ends_where_its_source_ends() -> None:
    assert plan_of(video(in_point=2, speed=2)).canvas.frame_count == 150


def test_an_out_point_after_the_end_is_the_end() -> None:
    assert plan_of(video(out_point=100)).canvas.frame_count == 360


def test_sound_alone_makes_a_film_as_long_as_the_sound() -> None:
    plan = plan_of({"type": "audio", "source_url": MUSIC, "in_point": 55})
    assert plan.canvas.frame_count == 150
    assert plan.sounds[0].stop_s == 5


def test_decimal_times_are_exact() -> None:
    plan = plan_of(text(time=0.1, duration=0.2), frame_rate=10, duration=1)
    assert [(span.first, span.stop) for span in plan.spans] == [(0, 1), (1, 3), (3, 10)]


def test_an_element_shows_on_every_frame_inside_its_time() -> None:
    plan = plan_of(text(time=0.05, duration=0.1), frame_rate=30, duration=1)
    spans = {span.first: span.items for span in plan.spans}
    assert spans[2] == (0,)
    assert plan.spans[1].stop == 5


def test_the_earlier_of_equals_lies_on_top_and_text_above_both() -> None:
    plan = plan_of(text(), video(), image())
    assert plan.spans[0].items == (2, 1, 0)


def test_z_index_decides_first() -> None:
    plan = plan_of(video(z_index=5), text(), image(z_index=-1))
    assert plan.spans[0].items == (2, 1, 0)


def test_source_time_follows_speed_and_trim() -> None:
    clip = plan_of(video(time=2, in_point=3, speed=0.5)).clips[0]
    assert clip.source_time_s(Fraction(4)) == 4
    assert clip.stop_s == 2 + (12 - 3) * 2


def test_a_still_format_plans_its_one_frame() -> None:
    plan = plan_of(video(), output_format="png", poster_time=2.5)
    assert (plan.canvas.first_frame, plan.canvas.frame_count) == (75, 1)
    assert [(span.first, span.stop) for span in plan.spans] == [(75, 76)]


def test_a_poster_time_after_the_end_is_the_last_frame() -> None:
    assert plan_of(video(), output_format="jpg", poster_time=500).canvas.first_frame == 359


def test_a_background_image_lies_below_everything() -> None:
    plan = plan_of(video(z_index=-50), background_image_url=LOGO)
    assert plan.spans[0].items[0] == 1
    assert plan.clips[1].element.id == "background"


def test_fades_become_ramps_and_volume_a_gain() -> None:
    sound = plan_of(video(volume=40, fade_in_duration=1, fade_out_duration=2)).sounds[0]
    assert sound.gain == pytest.approx(0.4)
    assert [(r.start_s, r.stop_s, r.from_gain, r.to_gain) for r in sound.ramps] == [(0, 1, 0, 1), (10, 12, 1, 0)]


def test_a_muted_or_silent_clip_makes_no_sound() -> None:
    assert plan_of(video(volume=0)).sounds == ()
    silent = make_plan(parse_render({"elements": [video()]}), sources(has_audio=False))
    assert silent.sounds == ()


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (video(in_point=12), "in_point 12.0 s lies at or after the end"),
        ({"type": "video", "source_url": CLIP.replace("clip", "other")}, "has no moving picture"),
        ({"type": "image", "id": "a", "duration": 1, "source_url": CLIP}, "is not a picture"),
        ({"type": "audio", "source_url": LOGO}, "has no sound"),
    ],
)
def test_a_source_that_cannot_play_its_part_is_named(element: dict[str, object], words: str) -> None:
    infos = sources()
    infos["https://media.test/other.mp4"] = infos[MUSIC]
    with pytest.raises(JobFailed, match=words) as failure:
        make_plan(parse_render({"elements": [element]}), infos)
    assert failure.value.code == "invalid_source"
    assert str(element["source_url"]) in failure.value.message


def test_the_watermark_lies_above_everything_from_start_to_end() -> None:
    request = parse_render({"elements": [text(z_index=1_000_000)], "duration": 3})
    plan = make_plan(request, {}, marked=True)
    mark = plan.clips[-1]
    assert (mark.start_s, mark.stop_s) == (0, 3)
    assert mark.stacking > plan.clips[0].stacking
    assert all(span.items[-1] == len(plan.clips) - 1 for span in plan.spans)


def test_an_unmarked_film_has_no_watermark() -> None:
    request = parse_render({"elements": [text()]})
    assert len(make_plan(request, {}).clips) == len(make_plan(request, {}, marked=True).clips) - 1 == 1
