"""A frame rendered alone is the frame of the whole film, bit for bit, whatever is in the film."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpu_tasks.engine.render import frame_range
from gpu_tasks.timeline.catalogue import names
from tests.engine.films import frames_of, plan_of, same
from tests.golden.scenes import Golden, Payload, clip, film, goldens, image, text

RANGES = ((0, 1), (7, 8), (10, 13), (14, 15))
"""First frame and the one after the last; all films have at least 15."""
KINDS = ("yuv420p", "yuv444p")
EFFECTS = names("effects")
LOOKING_BACK = ("echo", "ghosting")


def assert_parts_are_the_film(payload: Payload, paths: dict[str, Path], kind: str = "yuv420p") -> None:
    plan = plan_of(payload, paths)
    whole = list(frames_of(plan, paths, kind))
    for first, stop in RANGES:
        part = list(frames_of(frame_range(plan, first, stop), paths, kind))
        differing = [first + n for n, frame in enumerate(part) if not same(frame, whole[first + n])]
        assert not differing, f"frames {differing} differ when [{first}, {stop}) is rendered alone"


@pytest.mark.slow
@pytest.mark.parametrize("golden", goldens(), ids=str)
def test_parts_of_every_golden_film_are_exact(golden: Golden, paths: dict[str, Path]) -> None:
    assert_parts_are_the_film(golden.payload, paths)


def chained(count: int) -> Iterator[tuple[str, list[str]]]:
    """All effects in chains of `count`, each chain with one that looks back in its middle."""
    for start in range(0, len(EFFECTS), count):
        back = LOOKING_BACK[start // count % 2]
        chain = list(EFFECTS[start : start + count])
        yield f"{chain[0]}-to-{chain[-1]}", [*chain[:2], back, *chain[2:]]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("chain", [pytest.param(chain, id=name) for name, chain in chained(4)])
def test_parts_of_chained_effects_are_exact(chain: list[str], kind: str, paths: dict[str, Path]) -> None:
    """On a clip of 24 frames a second, slowed down, that begins and is trimmed off the frame grid, with grain."""
    effects = [{"type": name, "intensity": 80} for name in chain]
    moving = clip(speed=0.7, in_point=0.13, time=0.07, out_point=0.9, noise=40, effects=effects)
    assert_parts_are_the_film(film(moving, image("wall.png"), frame_rate=30, duration=0.6), paths, kind)


FULL: dict[str, Payload] = {
    "two cuts of one source under a transition, looking back": film(
        clip(id="a", out_point=0.8, effects=[{"type": "echo"}]),
        clip(id="b", in_point=0.9, time=0.5, speed=2, effects=[{"type": "ghosting"}, {"type": "super8"}]),
        transitions=[{"type": "burn", "duration": 0.4, "from_id": "a", "to_id": "b"}],
        frame_rate=20,
        duration=1,
    ),
    "one source twice, at the same moment": film(
        clip(id="a", width="50%", noise=30, blend_mode="overlay", z_index=1),
        clip(id="b", effects=[{"type": "echo"}]),
        frame_rate=20,
        duration=1,
    ),
    "an element of every kind, moving": film(
        text("Abg", z_index=3, motion=[{"type": "explode", "scope": "character", "time": 0.1, "duration": 0.6}]),
        image("badge.png", z_index=2, motion=[{"type": "loop_wiggle", "time": 0, "duration": 0.3}], shadow_blur=4),
        clip(speed=1.3, noise=50, effects=[{"type": "vhs"}, {"type": "camera_lens_blur_bg"}]),
        frame_rate=25,
        duration=1,
    ),
    "a transition over a gap": film(
        clip(id="a", out_point=0.2, effects=[{"type": "ghosting"}, {"type": "glitch"}]),
        image("badge.png", time=0.5, duration=1),
        transitions=[{"type": "water_drop", "duration": 0.5, "from_id": "a", "to_id": "badge.png"}],
        frame_rate=20,
        duration=1,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", [*KINDS, "yuva420p"])
@pytest.mark.parametrize("name", FULL)
def test_parts_of_full_scenes_are_exact(name: str, kind: str, paths: dict[str, Path]) -> None:
    transparent: dict[str, Any] = {"alpha": True, "output_format": "webm", "background_color": "#00000000"}
    assert_parts_are_the_film({**FULL[name], **(transparent if "a" in kind else {})}, paths, kind)
