"""Motions in composed frames: away, in between and at rest, for every use of the catalogue on an element."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.compose import Compositor
from gpu_tasks.engine.drawlist import Scene
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.surface import Surface, blank, plane_view
from gpu_tasks.timeline.geometry import Placement, place_media
from gpu_tasks.timeline.request import ImageElement
from tests.engine.motions.stages import Use, uses
from tests.engine.motions.test_rules import STAYING
from tests.timeline.scenes import image, plan_of

WIDTH, HEIGHT = 96, 54
LOGO = {"width": 40, "height": 20, "z_index": 1, "duration": 4}
Frame = list[NDArray[np.uint8]]


def painted(width: int, height: int, low: int, high: int) -> Surface:
    """A picture with a slope in both directions and some colour."""
    surface = blank(width, height, 2, alpha=False)
    for plane, (first, last) in zip(surface.every_plane(), [(low, high), (90, 150), (160, 110)], strict=False):
        rows, columns = plane.shape
        slope = np.add.outer(np.linspace(0, 1, rows), np.linspace(0, 1, columns)) / 2
        plane[:] = np.rint(first + (last - first) * slope)
    return surface


PICTURES = [painted(40, 20, 60, 220), painted(WIDTH, HEIGHT, 40, 140)]


def scene_of(*motions: dict[str, Any], **fields: Any) -> Scene:
    """A logo, moving over [1, 2) at 8 frames per second, in front of a wall."""
    logo = image(id="logo", motion=list(motions), **{**LOGO, **fields})
    plan = plan_of(logo, image(id="wall", duration=4), width=WIDTH, height=HEIGHT, frame_rate=8)
    clips = tuple(replace(clip, source=replace(clip.source, has_alpha=False)) for clip in plan.clips if clip.source)
    return Scene(replace(plan, clips=clips), {n: place(clip.element) for n, clip in enumerate(clips)})


def place(element: Any) -> Placement:
    assert isinstance(element, ImageElement)
    found = place_media(element, (40, 20) if element.id == "logo" else (WIDTH, HEIGHT), (WIDTH, HEIGHT))
    assert found is not None
    return found


def frames(scene: Scene, *numbers: int) -> list[Frame]:
    """Frames composed one after the other by one compositor."""
    compositor = Compositor(scene, "yuv420p")
    return [planes_of(compositor, scene, number) for number in numbers]


def planes_of(compositor: Compositor, scene: Scene, number: int) -> Frame:
    span = next(span for span in scene.spans if span.first <= number < span.stop)
    frame = compositor.compose(scene.items(number, span), lambda draw: Picture(draw.clip, PICTURES[draw.clip]))
    return [plane_view(frame, index).copy() for index in range(3)]


def same(a: Frame, b: Frame) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def motion_of(use: Use, **fields: Any) -> dict[str, Any]:
    return {"type": use.name, "time": 1, "duration": 1, "reversed": use.direction == "exit", **fields}


@pytest.fixture(scope="module")
def still() -> Frame:
    return frames(scene_of(), 0)[0]


@pytest.fixture(scope="module")
def wall() -> Frame:
    return frames(scene_of(opacity=0), 0)[0]


def elements(*directions: str) -> list[Use]:
    return [use for use in uses(*directions) if use.scope == "element"]


@pytest.mark.parametrize("use", [use for use in elements("entrance") if use.name not in STAYING], ids=str)
def test_an_entrance_is_drawn_from_nothing_to_the_still_picture(use: Use, still: Frame, wall: Frame) -> None:
    before, start, *middle, end, later = frames(scene_of(motion_of(use)), 0, 8, 10, 11, 12, 13, 16, 20)
    assert same(before, wall)
    assert same(start, wall)
    assert any(not same(frame, wall) and not same(frame, still) for frame in middle)
    assert same(end, still)
    assert same(later, still)


@pytest.mark.parametrize("use", elements("exit"), ids=str)
def test_an_exit_is_drawn_from_the_still_picture_to_nothing(use: Use, still: Frame, wall: Frame) -> None:
    before, start, middle, end, later = frames(scene_of(motion_of(use)), 0, 8, 12, 16, 20)
    assert same(before, still)
    assert same(start, still)
    assert not same(middle, wall)
    assert not same(middle, still)
    assert same(end, wall)
    assert same(later, wall)


@pytest.mark.parametrize("use", elements("loop"), ids=str)
def test_a_loop_is_drawn_round_after_round(use: Use, still: Frame) -> None:
    before, start, middle, join, again = frames(scene_of(motion_of(use)), 0, 8, 11, 16, 19)
    assert same(before, still)
    assert same(start, still)
    assert same(join, still)
    assert not same(middle, still)
    assert same(middle, again)


@pytest.mark.parametrize("name", sorted(STAYING - {"ken_burns_in"}))
def test_what_stays_ends_as_the_still_picture(name: str, still: Frame, wall: Frame) -> None:
    middle, end = frames(scene_of(motion_of(Use(name, "element", "entrance"))), 11, 16)
    assert not same(middle, still)
    assert not same(middle, wall)
    assert same(end, still)


@pytest.mark.parametrize("use", elements("entrance", "exit", "loop"), ids=str)
def test_a_frame_alone_is_the_frame_of_the_film(use: Use) -> None:
    scene = scene_of(motion_of(use))
    film = frames(scene, *range(7, 16))
    for number in (9, 12, 14):
        assert same(frames(scene, number)[0], film[number - 7])


@pytest.mark.parametrize("name", ["slide_up", "slide_down", "slide_left", "slide_right", "bounce", "elastic_rise"])
def test_a_shadow_is_off_the_canvas_with_its_element(name: str, wall: Frame) -> None:
    cast = {"shadow_color": "#000000", "shadow_blur": 10, "shadow_x": 3, "shadow_y": -4}
    assert same(frames(scene_of(motion_of(Use(name, "element", "entrance")), **cast), 8)[0], wall)


def test_a_wipe_shows_the_part_that_its_edge_has_passed(still: Frame, wall: Frame) -> None:
    middle = frames(scene_of(motion_of(Use("wipe_right", "element", "entrance"), easing="linear")), 12)[0]
    edge = WIDTH // 2
    for plane, shown, hidden in zip(middle, still, wall, strict=True):
        cut = edge * plane.shape[1] // WIDTH
        assert np.array_equal(plane[:, :cut], shown[:, :cut])
        assert np.array_equal(plane[:, cut:], hidden[:, cut:])


def test_motions_of_one_element_compose(wall: Frame) -> None:
    slide = motion_of(Use("slide_left", "element", "entrance"))
    spin = motion_of(Use("loop_rotate", "element", "loop"))
    together, one, other = (frames(scene_of(*motions), 12)[0] for motions in ([slide, spin], [slide], [spin]))
    assert not same(together, one)
    assert not same(together, other)
    assert not same(together, wall)
