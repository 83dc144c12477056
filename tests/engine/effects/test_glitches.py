"""Digital glitches: bursts tied to time, and blocks that fail."""

import dataclasses

import numpy as np
import pytest

from gpu_tasks.engine.effects import EFFECTS, Moment
from gpu_tasks.engine.effects._blocks import Box, box_at, coarsen, replace, smear, stain
from gpu_tasks.engine.effects.compression import STEP_S
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Surface
from tests.engine.effects.stage import (
    assert_effect_rules,
    difference,
    kept,
    moment,
    plain,
    run,
    same,
    scene_surface,
)

pytestmark = pytest.mark.slow


def test_the_rules_hold() -> None:
    assert_effect_rules("glitch", keeps_alpha=False)
    assert_effect_rules("compression_glitch", keeps_alpha=False)


@pytest.mark.parametrize(("name", "still_frames", "rate"), [("glitch", 5, 60), ("compression_glitch", 12, 60)])
def test_a_burst_stands_for_its_time_whatever_the_frame_rate(name: str, still_frames: int, rate: int) -> None:
    picture = scene_surface()

    def at(frame: int, frame_rate: int) -> Surface:
        return run(name, picture, at=moment(frame, frame_rate=frame_rate, earlier=[kept(picture)]))

    first = at(0, rate)
    assert all(same(first, at(n, rate)) for n in range(1, still_frames))
    assert not same(first, at(still_frames, rate))
    assert same(at(7, 30), at(14, 60))


def test_the_same_glitch_shows_at_every_resolution() -> None:
    small, large = (run("glitch", scene_surface(size)).y for size in ((192, 108), (768, 432)))
    shrunk = cpu.shrink(large, (192, 108)).astype(int)
    torn = np.abs(shrunk - scene_surface((192, 108)).y.astype(int)).mean()
    assert np.abs(shrunk - small).mean() < 0.6 * torn


@pytest.mark.parametrize("name", ["glitch", "compression_glitch"])
def test_two_elements_fail_differently(name: str) -> None:
    picture = scene_surface()
    assert not same(*(run(name, picture, at=moment(0, element=element)) for element in ("one", "other")))


@pytest.mark.parametrize("name", ["glitch", "compression_glitch"])
def test_damage_grows_with_intensity(name: str) -> None:
    picture = scene_surface((192, 108))
    changes = [
        difference(run(name, picture, amount, moment(0, size=(192, 108))), picture) for amount in (0.1, 0.4, 1.0)
    ]
    assert changes[0] < changes[1] < changes[2]


def test_a_glitch_parts_the_colours_of_an_edge() -> None:
    """Somewhere beside a white bar on black there is clearly more red or blue than green."""
    picture = plain((0, 0, 0), (320, 180))
    picture.y[:, 140:180] = 235
    out = run("glitch", picture, at=moment(0, size=(320, 180)))
    assert np.abs(out.v.astype(int) - 128).max() > 30
    assert np.abs(out.u.astype(int) - 128).max() > 30


def test_frozen_blocks_show_an_earlier_picture() -> None:
    size = (320, 180)
    now, before = plain((200, 200, 200), size), plain((20, 20, 20), size)
    out = run("compression_glitch", now, at=moment(5, size=size, earlier=[before] * 8))
    assert (out.y < 40).mean() > 0.005


def test_no_more_of_the_past_is_asked_for_than_is_kept() -> None:
    entry = EFFECTS["compression_glitch"]
    for rate in (24, 25, 30, 50, 60):
        asked: list[int] = []
        picture = scene_surface()
        for frame in range(3 * rate):
            at = moment(frame, frame_rate=rate)
            run(entry.name, picture, at=_listening(at, asked))
        assert max(asked) <= entry.reach_frames(rate)
        assert max(asked) >= 0.5 * STEP_S * rate


def _listening(at: Moment, asked: list[int]) -> Moment:
    def earlier(frames: int) -> Surface:
        asked.append(frames)
        return scene_surface()

    return dataclasses.replace(at, earlier=earlier)


def test_boxes_stay_within_the_picture_and_on_even_pixels() -> None:
    picture = scene_surface((61, 43))
    for left, top, width, height in ((-5, 3, 20, 9), (55, 40, 30, 30), (7.3, 11.9, 5, 1)):
        box = box_at(left, top, width, height, picture)
        assert box is not None
        assert box.left % 2 == box.top % 2 == 0
        assert 0 <= box.left < box.right <= 61
        assert 0 <= box.top < box.bottom <= 43
        for far in (-100, 3, 100):
            moved = box.moved(far, far, picture)
            assert moved.left >= 0
            assert moved.right <= 61
            assert moved.bottom <= 43
            assert (moved.right - moved.left, moved.bottom - moved.top) == (box.right - box.left, box.bottom - box.top)
    assert box_at(70, 3, 10, 10, picture) is None


def test_what_happens_to_blocks() -> None:
    at, picture = moment(), scene_surface((96, 54))
    box = Box(10, 8, 42, 24)

    def broken() -> tuple[Surface, Surface]:
        out = kept(picture)
        return out, box.of(out)

    _, part = broken()
    replace(at, part, box.moved(20, 10, picture).of(picture), 1.0)
    assert np.array_equal(part.y, picture.y[18:34, 30:62])
    out, part = broken()
    smear(at, part, 1.0)
    assert (part.y == picture.y[8:24, 10:11]).all()
    assert np.array_equal(out.y[:, 42:], picture.y[:, 42:])
    _, part = broken()
    coarsen(at, part, 8, 1.0)
    assert len(np.unique(part.y)) <= 8
    _, part = broken()
    stain(at, part, 40, 200, 1.0)
    assert (part.u == 40).all()
    assert np.array_equal(part.y, box.of(picture).y)
