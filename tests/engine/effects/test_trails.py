"""Ghosts and echoes: what they take of earlier frames, and how they are in stills."""

import numpy as np
import pytest

from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.request import ChromaSettings
from tests.engine.effects.stage import assert_effect_rules, difference, kept, moment, plain, run, scene_surface

TRAILS = ["ghosting", "echo"]


@pytest.mark.parametrize("name", TRAILS)
def test_the_rules_hold(name: str) -> None:
    assert_effect_rules(name, keeps_alpha=False)


def asked(name: str, frame_rate: int) -> set[int]:
    """How many frames ago an effect looks."""
    picture, ages = scene_surface(), set[int]()

    def earlier(frames: int) -> Surface:
        ages.add(frames)
        return picture

    at = Moment(cpu, Scratch(cpu), 50, 50 / frame_rate, frame_rate, "clip", 0.1, earlier, ChromaSettings())
    EFFECTS[name].apply(picture, 1.0, at)
    return ages


@pytest.mark.parametrize("name", TRAILS)
@pytest.mark.parametrize("frame_rate", [1, 5, 24, 30, 60, 120])
def test_only_frames_within_the_reach_are_asked_for(name: str, frame_rate: int) -> None:
    reach = EFFECTS[name].reach_frames(frame_rate)
    assert all(1 <= age <= reach for age in asked(name, frame_rate))


@pytest.mark.parametrize("name", TRAILS)
def test_trails_are_as_long_in_seconds_at_every_frame_rate(name: str) -> None:
    assert max(asked(name, 30)) / 30 == pytest.approx(max(asked(name, 60)) / 60, abs=0.02)
    assert len(asked(name, 30)) == len(asked(name, 60)) >= 3


@pytest.mark.parametrize("name", TRAILS)
def test_what_was_seen_before_shows_through(name: str) -> None:
    dark, bright = plain((30, 30, 30), (96, 54)), plain((220, 220, 220), (96, 54))
    after_bright = run(name, dark, 1.0, moment(earlier=[bright] * 20))
    after_dark = run(name, dark, 1.0, moment(earlier=[dark] * 20))
    assert after_bright.y.mean() > after_dark.y.mean() + 40


@pytest.mark.parametrize("name", TRAILS)
def test_stills_have_trails_too(name: str) -> None:
    picture = scene_surface((160, 90))
    trailing = run(name, picture, 1.0, moment(size=(160, 90), earlier=[kept(picture)] * 20))
    assert difference(trailing, picture) > 2


def test_newer_ghosts_are_stronger() -> None:
    """Of three earlier frames, each with its own bar, the newest one's is the clearest."""
    dark = plain((16, 16, 16), (96, 54))
    ages = sorted(asked("ghosting", 30))
    frames = [kept(dark) for _ in range(max(ages))]
    for row, age in enumerate(ages):
        frames[age - 1].y[row * 18 + 4 : row * 18 + 14] = 235
    trail = run("ghosting", dark, 1.0, moment(earlier=frames)).y
    strengths = [float(trail[row * 18 + 8 : row * 18 + 10].mean()) for row in range(len(ages))]
    assert strengths[0] > strengths[1] > strengths[2] > 20


def test_echoes_grow_out_of_the_middle() -> None:
    size = (160, 90)
    dark = plain((16, 16, 16), size)
    framed = kept(dark)
    framed.y[35:55, 65:95] = 235
    out = run("echo", dark, 1.0, moment(size=size, earlier=[framed] * 20)).y.astype(int)
    rows, columns = np.nonzero(out > 30)
    assert rows.min() < 35
    assert rows.max() > 54
    assert columns.min() < 65
    assert columns.max() > 94
    assert abs((rows.min() + rows.max()) / 2 - 44.5) <= 1
    assert abs((columns.min() + columns.max()) / 2 - 79.5) <= 1
