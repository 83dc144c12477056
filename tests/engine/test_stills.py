"""Images and texts are rastered at the size they are shown, and lie where the plan says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpu_tasks.engine import stills
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.stills import Stills
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from gpu_tasks.timeline.transforms import Affine
from tests.media.make import make_image, quadrants


def still(element: dict[str, Any], paths: dict[str, Path] | None = None, **scene: Any) -> tuple[Picture, Placement]:
    found = all_stills([element], paths or {}, **scene)
    place = placed(found, 0)
    return found.picture(0, place), place


def placed(found: Stills, position: int) -> Placement:
    place = found.place(position)
    assert place is not None
    return place


def all_stills(elements: list[dict[str, Any]], paths: dict[str, Path], **scene: Any) -> Stills:
    request = parse_render({"width": 320, "height": 180, "elements": elements, **scene}, local_sources=True)
    return Stills(make_plan(request, {url: probe(path) for url, path in paths.items()}), paths, 2)


def text(**fields: Any) -> dict[str, Any]:
    return {"type": "text", "text": "Quick gypsy", "duration": 1, "font_size": 23, **fields}


@pytest.fixture
def photo(tmp_path: Path) -> dict[str, Path]:
    return {"photo.png": make_image(tmp_path / "photo.png", quadrants(160, 120))}


@pytest.mark.parametrize("fields", [{}, {"x": "33%", "y": 41.7}, {"x_scale": "150%", "y_scale": "150%"}])
def test_still_text_is_never_resampled(fields: dict[str, Any]) -> None:
    picture, place = still(text(**fields))
    matrix = picture.to_outline.then(place.matrix)
    assert matrix.is_translation
    assert (matrix.c, matrix.f) == (round(matrix.c), round(matrix.f))


def test_unequal_scales_raster_at_the_larger_one() -> None:
    picture, _ = still(text(x_scale="200%"))
    assert (picture.to_outline.a, picture.to_outline.e) == (1, 0.5)


def test_an_image_is_rastered_at_its_shown_size(photo: dict[str, Path]) -> None:
    picture, place = still({"type": "image", "id": "p", "duration": 1, "source_url": "photo.png", "width": 80}, photo)
    assert (picture.surface.width, picture.surface.height) == (place.width, place.height) == (80, 60)
    assert picture.to_outline == Affine()
    assert picture.surface.is_opaque


def test_a_ken_burns_image_is_rastered_larger(photo: dict[str, Path]) -> None:
    push = {"type": "ken_burns_in", "time": 0, "duration": 1}
    element = {"type": "image", "id": "p", "duration": 1, "source_url": "photo.png", "motion": [push]}
    picture, place = still(element, photo)
    assert (picture.surface.width, place.width) == (384, 320)
    assert picture.to_outline.a == pytest.approx(320 / 384)


def test_pictures_are_kept_while_memory_allows(photo: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    elements = [{"type": "image", "id": f"p{n}", "duration": 1, "source_url": "photo.png"} for n in range(4)]
    found = all_stills(elements, photo)
    places = [placed(found, n) for n in range(4)]
    monkeypatch.setattr(stills, "CACHE_BYTES", 1)
    first = found.picture(0, places[0])
    assert found.picture(0, places[0]) is first
    for n in (1, 2, 3):
        found.picture(n, places[n])
    again = found.picture(0, places[0])
    assert again is not first
    assert np.array_equal(again.surface.y, first.surface.y)


def test_an_unknown_font_is_warned_of_once() -> None:
    found = all_stills([text(font_family="Nope"), text(font_family="Nope")], {})
    found.place(0)
    found.place(1)
    assert len(found.warnings) == 1
    assert "Nope" in found.warnings[0]


@pytest.mark.parametrize("blank", [" ", "\n", "\u200b", "\t \n"])
def test_a_text_of_blanks_is_clear(blank: str) -> None:
    found = all_stills([text(text=blank)], {})
    place = found.place(0)
    surface = found.picture(0, place).surface if place else None
    assert surface is None or (surface.alpha is not None and not surface.alpha.any())
