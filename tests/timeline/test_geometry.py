"""Places on the canvas follow the contract's rules for boxes, anchors, fit and rotation."""

from typing import Any

import pytest

from gpu_tasks.timeline.geometry import Placement, place_media
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.request import ImageElement
from gpu_tasks.timeline.transforms import Affine, rotation, scaling, translation
from tests.timeline.scenes import image

CANVAS = (1280, 720)


def place(source: tuple[int, int] = (320, 160), **fields: Any) -> Placement:
    element = parse_render({"elements": [image(**fields)]}).elements[0]
    assert isinstance(element, ImageElement)
    found = place_media(element, source, CANVAS)
    assert found is not None
    return found


def test_no_size_means_the_whole_canvas_covered() -> None:
    found = place()
    assert (found.width, found.height) == CANVAS
    assert found.matrix == Affine()
    assert found.source == pytest.approx((320 / 2 - 160 * 8 / 9, 0, 320 / 2 + 160 * 8 / 9, 160), abs=1e-6)
    assert found.covers(CANVAS)


def test_one_side_draws_the_other_after_the_source() -> None:
    found = place(width="12%")
    assert (found.width, found.height) == (154, 77)


def test_aspect_ratio_replaces_the_sources_shape() -> None:
    assert (place(height=100, aspect_ratio=1.5).width, place(height=100, aspect_ratio=1.5).height) == (150, 100)
    assert (place(aspect_ratio=1).width, place(aspect_ratio=1).height) == (720, 720)


def test_the_anchor_lands_on_x_and_y() -> None:
    found = place(width=200, height=100, x=1256, y=24, x_anchor="100%", y_anchor=0)
    assert found.matrix.bounds(found.width, found.height) == (1056, 24, 1256, 124)


def test_contain_keeps_the_whole_picture_inside_the_box() -> None:
    found = place(width=400, height=400, fit="contain")
    assert (found.width, found.height) == (400, 200)
    assert found.source == (0, 0, 320, 160)
    assert found.matrix.bounds(400, 200) == (440, 260, 840, 460)


def test_fill_stretches() -> None:
    found = place(width=100, height=300, fit="fill")
    assert (found.width, found.height, found.source) == (100, 300, (0, 0, 320, 160))


def test_crop_comes_before_fit() -> None:
    found = place(width=100, height=100, crop_left=0.5, fit="fill")
    assert found.source == (160, 0, 320, 160)


def test_scale_grows_about_the_anchor() -> None:
    found = place(width=100, height=50, x_scale="200%", y_scale="200%")
    assert found.matrix.bounds(found.width, found.height) == (540, 310, 740, 410)


def test_a_negative_scale_mirrors() -> None:
    assert place(x_scale="-100%").flip_x
    assert not place(x_scale="-100%", flip_horizontal=True).flip_x


def test_rotation_turns_clockwise_about_the_anchor() -> None:
    found = place(width=200, height=100, z_rotation="90deg")
    left, top, right, bottom = found.matrix.bounds(found.width, found.height)
    assert (left, top, right, bottom) == pytest.approx((590, 260, 690, 460))
    assert found.matrix.apply(0, 0) == pytest.approx((690, 260))


def test_radius_is_at_most_half_of_the_short_side() -> None:
    assert place(width=200, height=100, border_radius="50%").radius_px == 50
    assert place(width=200, height=100, border_radius=500).radius_px == 50
    assert not place(border_radius=1).covers(CANVAS)


def test_zero_scale_has_no_place() -> None:
    element = parse_render({"elements": [image(x_scale=0)]}).elements[0]
    assert isinstance(element, ImageElement)
    assert place_media(element, (320, 160), CANVAS) is None


def test_affine_maps_compose_in_reading_order() -> None:
    combined = scaling(2, 3).then(translation(5, 7)).then(rotation(90, about=(0, 0)))
    assert combined.apply(1, 1) == pytest.approx((-10, 7))
