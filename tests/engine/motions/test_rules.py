"""What holds for every motion in every direction and scope that the catalogue allows."""

import math
from dataclasses import astuple
from itertools import pairwise

import pytest

from gpu_tasks.engine.motions import MOTIONS, REST, Pose, Stage
from gpu_tasks.engine.poses import is_invisible
from gpu_tasks.timeline.catalogue import names
from tests.engine.motions.stages import CANVAS, Use, uses

STAYING = {"ken_burns_in", "ken_burns_out", "ken_burns_in_out", "overlay", "difference"}
"""Entrances of an element that is there all the time."""
TREATING = {"blur_px", "split_px", "shine", "blend_amount"}
TINY = Stage((16, 16), (7, 7, 8, 8), size_px=1, seed=3)
STEPS = [step / 50 for step in range(51)]

every_use = pytest.mark.parametrize("use", uses("entrance", "exit", "loop"), ids=str)


def test_every_motion_of_the_catalogue_has_a_look() -> None:
    assert set(MOTIONS) == set(names("motions"))
    assert all(entry.look.endswith(".") for entry in MOTIONS.values())


def is_away(pose: Pose, stage: Stage) -> bool:
    left, top, right, bottom = stage.bounds
    outside = (
        right + pose.x_px <= 0
        or left + pose.x_px >= CANVAS[0]
        or bottom + pose.y_px <= 0
        or top + pose.y_px >= CANVAS[1]
    )
    return pose.opacity == 0 or is_invisible(pose) or outside


@pytest.mark.parametrize("use", [use for use in uses("entrance") if use.name not in STAYING], ids=str)
def test_an_entrance_comes_from_away_to_rest(use: Use) -> None:
    assert is_away(use.pose(0), use.stage)
    assert use.pose(1) == REST
    assert not is_away(use.pose(0.9), use.stage)


@pytest.mark.parametrize("use", uses("exit"), ids=str)
def test_an_exit_goes_from_rest_away(use: Use) -> None:
    assert use.pose(0) == REST
    assert is_away(use.pose(1), use.stage)
    assert not is_away(use.pose(0.1), use.stage)


@pytest.mark.parametrize("use", [use for use in uses("entrance", "exit") if use.name != "ken_burns_in"], ids=str)
def test_a_motion_comes_to_rest_without_a_jump(use: Use) -> None:
    near = use.pose(1e-4 if use.direction == "exit" else 1 - 1e-4)
    assert distance(near, REST, use.stage) < 0.005


@pytest.mark.parametrize("use", [use for use in uses("entrance", "exit") if use.name != "glitch_pop"], ids=str)
def test_a_motion_is_continuous(use: Use) -> None:
    """Even the fastest moves little within a 2000th of its duration; a glitch is meant to jump."""
    poses = [use.pose(step / 2000) for step in range(2001)]
    assert max(distance(a, b, use.stage) for a, b in pairwise(poses)) < 0.02


def distance(a: Pose, b: Pose, stage: Stage) -> float:
    """The largest difference of two poses: offsets in sizes of the stage's canvas, angles in half turns."""
    unit = min(stage.canvas)
    return max(
        abs(a.x_px - b.x_px) / unit,
        abs(a.y_px - b.y_px) / unit,
        abs(a.scale_x - b.scale_x),
        abs(a.scale_y - b.scale_y),
        abs(math.remainder(a.turn_deg - b.turn_deg, 360)) / 180,
        abs(math.remainder(a.tilt_x_deg - b.tilt_x_deg, 360)) / 180,
        abs(math.remainder(a.tilt_y_deg - b.tilt_y_deg, 360)) / 180,
        abs(a.zoom - b.zoom),
        abs(a.opacity - b.opacity),
        abs(a.blur_px - b.blur_px) / unit,
        abs(a.split_px - b.split_px) / unit,
        abs(a.shine - b.shine),
        abs(a.blend_amount - b.blend_amount),
        *(abs(x - y) for x, y in zip(a.shown, b.shown, strict=True)),
    )


@every_use
def test_a_motion_is_a_pure_function_of_its_stage(use: Use) -> None:
    forwards = [use.pose(amount) for amount in STEPS]
    backwards = [use.pose(amount) for amount in reversed(STEPS)]
    assert forwards == backwards[::-1]


@every_use
def test_poses_stay_in_their_ranges(use: Use) -> None:
    for amount in STEPS:
        for pose in (use.pose(amount), MOTIONS[use.name].pose(amount, use.direction == "exit", TINY)):
            assert all(math.isfinite(value) for value in astuple(pose) if isinstance(value, float))
            assert 0 <= pose.opacity <= 1
            assert 0 <= pose.shine <= 1
            assert 0 <= pose.blend_amount <= 1
            assert pose.blur_px >= 0
            assert 0 <= pose.scale_x < 4
            assert 0 <= pose.scale_y < 4
            assert 1 <= pose.zoom <= MOTIONS[use.name].deepest_zoom
            assert all(0 <= edge <= 1 for edge in pose.shown)


@every_use
def test_a_motion_moves_the_same_at_any_resolution(use: Use) -> None:
    """On a canvas three times as large every length is three times as long, and nothing else differs."""
    stage = use.stage
    left, top, right, bottom = (3 * edge for edge in stage.bounds)
    for amount in STEPS[::5]:
        small = use.pose(amount)
        large = use.pose(amount, canvas=(3840, 2160), bounds=(left, top, right, bottom), size_px=3 * stage.size_px)
        for field in ("x_px", "y_px", "blur_px", "split_px"):
            assert getattr(large, field) == pytest.approx(3 * getattr(small, field))
        for field in ("scale_x", "scale_y", "turn_deg", "tilt_x_deg", "tilt_y_deg", "opacity", "shine", "shown"):
            assert getattr(large, field) == pytest.approx(getattr(small, field))


@pytest.mark.parametrize(
    ("name", "direction"), [("explode", "entrance"), ("evaporate", "exit"), ("drift_in", "entrance")]
)
def test_glyphs_go_their_own_ways(name: str, direction: str) -> None:
    use = Use(name, "character", direction)
    assert len({use.pose(0.5, seed=seed) for seed in range(6)}) == 6


@pytest.mark.parametrize("name", ["slide_up", "bounce", "whip_up", "explode", "drift_in", "bounce_motion"])
def test_a_glyph_comes_from_nearby(name: str) -> None:
    use = Use(name, "character", "entrance")
    poses = [use.pose(amount) for amount in STEPS]
    assert max(math.hypot(pose.x_px, pose.y_px) for pose in poses) <= 6 * use.stage.size_px
