"""Transitions get exact windows, and the clips they join play on to fill them."""

from fractions import Fraction
from typing import Any

from gpu_tasks.timeline.plan import Join, Plan
from tests.timeline.scenes import plan_of, text, video


def joined(first: dict[str, Any], second: dict[str, Any], duration: float = 1, **fields: Any) -> Plan:
    transition = {"type": "cross_dissolve", "duration": duration, "from_id": "a", "to_id": "b", **fields}
    return plan_of({**first, "id": "a"}, {**second, "id": "b"}, transitions=[transition])


def test_abutting_clips_are_joined_around_the_cut() -> None:
    plan = joined(video(out_point=5), video(time=5, in_point=2, out_point=7))
    join = plan.joins[0]
    assert (join.start_s, join.stop_s) == (Fraction(9, 2), Fraction(11, 2))
    assert plan.clips[0].stop_s == Fraction(11, 2)
    assert plan.clips[1].start_s == Fraction(9, 2)
    assert plan.clips[1].source_time_s(Fraction(9, 2)) == Fraction(3, 2)


def test_an_overlap_is_filled() -> None:
    join = joined(video(out_point=5), video(time=4.5, out_point=5), duration=2).joins[0]
    assert (join.start_s, join.stop_s) == (Fraction(9, 2), 5)


def test_a_long_overlap_is_joined_at_its_end() -> None:
    join = joined(video(out_point=6), video(time=2, out_point=9), duration=1).joins[0]
    assert (join.start_s, join.stop_s) == (5, 6)


def test_a_gap_holds_the_last_frame_and_warns() -> None:
    plan = joined(video(out_point=4), video(time=6, out_point=3), duration=1)
    outgoing = plan.clips[0]
    assert (plan.joins[0].start_s, plan.joins[0].stop_s) == (Fraction(11, 2), Fraction(13, 2))
    assert outgoing.source_time_s(Fraction(5)) == outgoing.source_time_s(Fraction(6))
    assert outgoing.source_time_s(Fraction(5)) < 4
    assert [warning.code for warning in plan.warnings] == ["TRANSITION_GAP"]
    assert plan.sounds[0].stop_s == 4


def test_one_id_alone_joins_with_transparency() -> None:
    only_out = plan_of(text(id="a"), transitions=[{"type": "wipe_left", "duration": 0.5, "from_id": "a"}]).joins[0]
    only_in = plan_of(text(id="a"), transitions=[{"type": "wipe_left", "duration": 0.5, "to_id": "a"}]).joins[0]
    assert (only_out.start_s, only_out.stop_s, only_out.incoming) == (Fraction(3, 2), 2, None)
    assert (only_in.start_s, only_in.stop_s, only_in.outgoing) == (0, Fraction(1, 2), None)


def test_sounds_cross_fade_in_step() -> None:
    plan = joined(video(out_point=5), video(time=5, out_point=5))
    ramps = [sound.ramps[0] for sound in plan.sounds]
    assert [(r.start_s, r.stop_s, r.from_gain, r.to_gain) for r in ramps] == [
        (Fraction(9, 2), Fraction(11, 2), 1.0, 0.0),
        (Fraction(9, 2), Fraction(11, 2), 0.0, 1.0),
    ]


def test_during_a_join_its_clips_are_not_drawn_alone() -> None:
    plan = joined(video(out_point=5), video(time=5, out_point=5))
    items = {span.first: span.items for span in plan.spans}
    assert items[0] == (0,)
    assert items[165] == (1,)
    assert items[135] == (plan.joins[0],)


def test_a_join_lies_at_the_higher_of_its_places_unless_told() -> None:
    between = text(id="t", z_index=1, duration=9)
    transition = {"type": "cross_dissolve", "duration": 1, "from_id": "a", "to_id": "b"}
    clips = (video(id="a", out_point=4, z_index=0), video(id="b", time=4, out_point=4, z_index=2))
    above = plan_of(*clips, between, transitions=[transition]).spans
    below = plan_of(*clips, between, transitions=[{**transition, "z_index": -3}]).spans
    assert [isinstance(item, Join) for span in above if span.first == 105 for item in span.items] == [False, True]
    assert [isinstance(item, Join) for span in below if span.first == 105 for item in span.items] == [True, False]


def test_crowded_transitions_do_not_overlap_on_a_shared_clip() -> None:
    clips = [video(id=name, time=index, out_point=1) for index, name in enumerate("abc")]
    pairs = [("a", "b"), ("b", "c")]
    transitions = [{"type": "wipe_up", "duration": 1.5, "from_id": a, "to_id": b} for a, b in pairs]
    first, second = plan_of(*clips, transitions=transitions).joins
    assert first.stop_s <= second.start_s
