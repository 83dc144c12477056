"""Numbers of single motions: directions, overshoots, contacts, edges."""

import math
from itertools import pairwise

import pytest

from gpu_tasks.engine.motions import MOTIONS, Pose, Stage
from gpu_tasks.engine.poses import posed, posed_tilt
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.transforms import translation
from tests.engine.motions.stages import ELEMENT, GLYPH, Use, pose

PLACE = Placement(420, 240, (0, 0, 420, 240), translation(430, 240))


def shown_over(name: str, *, exiting: bool) -> list[tuple[float, ...]]:
    return [MOTIONS[name].pose(amount, exiting, ELEMENT).shown for amount in (0.25, 0.75)]


@pytest.mark.parametrize(
    ("name", "entrance", "exit_"),
    [
        ("wipe_right", [(0, 0, 0.25, 1), (0, 0, 0.75, 1)], [(0.25, 0, 1, 1), (0.75, 0, 1, 1)]),
        ("wipe_left", [(0.75, 0, 1, 1), (0.25, 0, 1, 1)], [(0, 0, 0.75, 1), (0, 0, 0.25, 1)]),
        ("wipe_down", [(0, 0, 1, 0.25), (0, 0, 1, 0.75)], [(0, 0.25, 1, 1), (0, 0.75, 1, 1)]),
        ("wipe_up", [(0, 0.75, 1, 1), (0, 0.25, 1, 1)], [(0, 0, 1, 0.75), (0, 0, 1, 0.25)]),
    ],
)
def test_a_wipes_edge_moves_the_way_it_is_called(
    name: str, entrance: list[tuple[float, ...]], exit_: list[tuple[float, ...]]
) -> None:
    assert shown_over(name, exiting=False) == entrance
    assert shown_over(name, exiting=True) == exit_


@pytest.mark.parametrize(("name", "sign"), [("rotate_cw", 1), ("rotate_ccw", -1)])
def test_a_spin_keeps_its_sense_in_and_out(name: str, sign: int) -> None:
    entrance = [sign * pose(name, time_s).turn_deg for time_s in (1, 2, 3)]
    leaving = [sign * pose(name, time_s, reversed=True).turn_deg for time_s in (1, 2, 3)]
    assert entrance == [-180, -90, 0]
    assert leaving == [0, 90, 180]


def test_an_elastic_rise_shoots_past_its_place_by_a_sixth() -> None:
    heights = [pose("elastic_rise", 1 + step / 100).y_px for step in range(201)]
    overshoot = math.exp(-math.pi * 0.5 / math.sqrt(0.75))
    assert heights[0] == 480
    assert min(heights) == pytest.approx(-480 * overshoot, rel=0.01)


def test_an_elastic_drop_springs_up_before_it_falls_faster_and_faster() -> None:
    heights = [pose("elastic_drop", 1 + step / 50).y_px for step in range(101)]
    lowest = heights.index(min(heights))
    assert -100 < min(heights) < -20
    falling = [b - a for a, b in pairwise(heights[lowest:])]
    assert falling == sorted(falling)
    assert heights[-1] > 480


def test_a_bounce_comes_from_above_and_never_sinks_through_its_place() -> None:
    heights = [pose("bounce", 1 + step / 100).y_px for step in range(201)]
    assert heights[0] <= -480
    assert max(heights) <= 0
    contacts = [i for i in range(1, 200) if heights[i - 1] < heights[i] > heights[i + 1]]
    assert len(contacts) >= 3


def test_a_soft_bounce_keeps_its_foot_on_the_ground_when_it_squashes() -> None:
    squashed = Use("bounce_motion", "character", "entrance").pose(0.56)
    assert squashed.scale_y < 0.75 < 1 < squashed.scale_x
    height = GLYPH.bounds[3] - GLYPH.bounds[1]
    assert squashed.y_px + squashed.scale_y * height / 2 == pytest.approx(height / 2)


def test_rubber_is_wide_and_tall_by_turns() -> None:
    shapes = [
        math.copysign(1, (p := pose("rubber_in", 1 + 2 * amount)).scale_x - p.scale_y) for amount in (0.1, 0.3, 0.5)
    ]
    assert shapes == [1, -1, 1]


def test_a_pop_overshoots_softly() -> None:
    assert 1.03 < max(pose("smooth_pop", 1 + step / 50).scale_x for step in range(101)) < 1.07


@pytest.mark.parametrize(
    ("name", "amount"), [("swing_in", 0.1), ("swing_in", 0.25), ("swing_out", 0.3), ("swing_out", 0.8)]
)
def test_a_hinge_stays_where_it_is(name: str, amount: float) -> None:
    swung = MOTIONS[name].pose(amount, name == "swing_out", ELEMENT)
    assert abs(swung.tilt_x_deg) > 2
    top_left, top_right = (on_canvas(swung, x, 0) for x in (0, 420))
    assert top_left == pytest.approx((430, 240))
    assert top_right == pytest.approx((850, 240))


def on_canvas(swung: Pose, x: float, y: float) -> tuple[float, float]:
    tilt = posed_tilt(PLACE, swung, ELEMENT.canvas[0])
    assert tilt is not None
    return tilt.apply(*posed(PLACE, swung).apply(x, y))


def test_a_swing_of_a_tall_picture_stays_in_front_of_the_camera() -> None:
    tall = Stage((300, 1200), (0, 0, 300, 1200), size_px=300)
    place = Placement(300, 1200, (0, 0, 300, 1200), translation(0, 0))
    for step in range(1, 100):
        swung = MOTIONS["swing_in"].pose(step / 100, False, tall)
        tilt = posed_tilt(place, swung, 300)
        if tilt is not None:
            corners = [posed(place, swung).apply(x, y) for x in (0, 300) for y in (0, 1200)]
            assert min(tilt.depth(*corner) for corner in corners) > 0.2


def test_a_glitch_flickers_and_splits_then_holds() -> None:
    use = Use("glitch_pop", "character", "entrance")
    early = [use.pose(step / 200) for step in range(100)]
    late = [use.pose(step / 200) for step in range(150, 201)]
    assert 0.05 < sum(p.opacity == 0 for p in early) / 100 < 0.7
    assert len({p.split_px for p in early}) > 3
    assert all(p.opacity == 1 and p.split_px == 0 for p in late)


@pytest.mark.parametrize("mode", ["overlay", "difference"])
def test_blends_fade_to_the_plain_picture(mode: str) -> None:
    shares = [pose(mode, time_s).blend_amount for time_s in (0, 1, 2, 2.5)]
    assert shares == [1, 1, 0.5, 0.25]
    assert pose(mode, 2).blend == mode
    assert pose(mode, 3).blend == ""


def test_ken_burns_keeps_the_picture_over_its_outline() -> None:
    assert [pose("ken_burns_out", time_s).zoom for time_s in (0, 1, 2, 3)] == pytest.approx([1.2, 1.2, 1.1, 1])
    assert [pose("ken_burns_in_out", time_s).zoom for time_s in (0, 1, 2, 3)] == pytest.approx([1, 1, 1.2, 1])


def test_evaporating_glyphs_set_off_at_their_own_times() -> None:
    use = Use("evaporate", "character", "exit")
    assert len({use.pose(0.2, seed=seed).opacity == 1 for seed in range(20)}) == 2
    assert all(use.pose(0.7, seed=seed).y_px < 0 for seed in range(20))
