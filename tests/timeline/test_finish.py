"""Borders and shadows: which fields ask for one, and in what measure."""

from typing import Any

import pytest

from gpu_tasks.timeline.finish import Border, Shadow, border_of, shadow_of
from gpu_tasks.timeline.geometry import Placement, place_media
from gpu_tasks.timeline.request import ImageElement

CANVAS = (1280, 720)


def image(**fields: Any) -> ImageElement:
    return ImageElement.model_validate(
        {"type": "image", "id": "i", "duration": 1, "source_url": "https://media.test/i.png", **fields}
    )


def place(source: tuple[int, int] = (400, 200), **fields: Any) -> Placement:
    found = place_media(image(**fields), source, CANVAS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"border_color": "#ff0000"}, None),
        ({"border_width": 6}, Border(6, (0, 0, 0, 255))),
        ({"border_width": "1%", "border_color": "#ff000080"}, Border(7.2, (255, 0, 0, 128))),
    ],
)
def test_a_border_needs_a_width(fields: dict[str, Any], expected: Border | None) -> None:
    assert border_of(image(**fields), CANVAS) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, None),
        ({"shadow_blur": 10}, Shadow(0, 0, 5, (0, 0, 0, 128))),
        ({"shadow_x": "1%", "shadow_y": "1%"}, Shadow(12.8, 7.2, 0, (0, 0, 0, 128))),
        ({"shadow_color": "#00ff00"}, Shadow(0, 0, 0, (0, 255, 0, 255))),
        ({"shadow_color": "#00ff0000", "shadow_blur": 9}, None),
    ],
)
def test_any_of_its_fields_asks_for_a_shadow(fields: dict[str, Any], expected: Shadow | None) -> None:
    assert shadow_of(image(**fields), CANVAS) == expected


def test_contain_blur_holds_the_whole_picture_in_the_middle_of_the_box() -> None:
    found = place(fit="contain_blur", width=300, height=300)
    assert (found.width, found.height) == (300, 300)
    assert found.inset is not None
    assert (found.inset.width, found.inset.height) == (300, 150)
    assert found.inset.source == (0, 0, 400, 200)
    assert found.inset.matrix.apply(0, 0) == (0, 75)


def test_contain_blur_of_a_picture_of_the_boxs_shape_is_the_picture() -> None:
    assert place(fit="contain_blur", width=300, height=150).inset is None


def test_clip_remembers_the_box_at_rest() -> None:
    found = place(clip=True, x=100, y=80, width=40, height=20, z_rotation=45)
    assert found.clip == (80, 70, 120, 90)


def test_tilted_or_finished_pictures_cover_nothing() -> None:
    whole = {"fit": "fill", "width": "100%", "height": "100%"}
    assert place(**whole).covers(CANVAS)
    for fields in ({"x_rotation": 10}, {"border_width": 3}, {"shadow_blur": 3}, {"clip": True}):
        assert not place(**whole, **fields).covers(CANVAS)
