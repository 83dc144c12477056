"""What the gallery shows, found in its requests; nothing is rendered."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpu_tasks.media.cube import read_cube
from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.lint import lint, parse_render, unknown_fields
from gpu_tasks.timeline.presets import PRESETS
from scripts.gallery.__main__ import MAX_BYTES
from scripts.gallery.index import write_index
from scripts.gallery.page import WIDTH, page, tile_file
from scripts.gallery.painters import PICTURES, TABLES
from scripts.gallery.sheets import all_sheets
from scripts.gallery.sheets.effects import CLIP
from scripts.gallery.tiles import Sheet, Strip
from scripts.processes import ROOT

GALLERY = ROOT / "docs" / "gallery"
SHEETS = all_sheets()
STRIPS = [strip for sheet in SHEETS for strip in sheet.strips]
REQUESTS = [request for strip in STRIPS for request in strip.requests]
ELEMENTS = [element for request in REQUESTS for element in request["elements"]]
COLOUR_FIELDS = {name for name, field in catalogue()["elements"]["image"].items() if "engine_min" in field}


def _values(field: str) -> set[Any]:
    return {element[field] for element in ELEMENTS if field in element}


def _nested(field: str) -> Iterator[dict[str, Any]]:
    return (entry for element in ELEMENTS for entry in element.get(field, []))


def test_every_effect_is_shown_in_part_and_in_full() -> None:
    for effect in names("effects"):
        intensities = {entry["intensity"] for entry in _nested("effects") if entry["type"] == effect}
        assert 100 in intensities
        assert any(0 < intensity <= 50 for intensity in intensities)


def test_every_motion_is_shown_in_every_scope_that_it_has() -> None:
    shown = {(entry["type"], entry["scope"]) for entry in _nested("motion")}
    assert shown == {
        (entry["type"], scope) for entry in catalogue()["motions"] for scope in names("motion_scopes") if entry[scope]
    }


def test_every_transition_blend_mode_caption_style_and_preset_is_shown() -> None:
    assert {join["type"] for request in REQUESTS for join in request.get("transitions", [])} == set(
        names("transitions")
    )
    assert _values("blend_mode") == set(names("blend_modes"))
    assert {animation["style"] for animation in _animations()} == set(names("word_animation_styles"))
    assert _values("animation_preset") == set(PRESETS)


def _animations() -> list[dict[str, Any]]:
    return [element["word_animation"] for element in ELEMENTS if "word_animation" in element]


def test_every_colour_field_is_shown_at_its_ends_and_every_fit() -> None:
    assert _values("fit") == {"cover", "contain", "fill", "contain_blur"}
    fields = catalogue()["elements"]["image"]
    for name in COLOUR_FIELDS:
        ends = {fields[name]["engine_min"], fields[name]["engine_max"]} - {0}
        assert ends <= _values(name), name


def test_every_tile_is_a_valid_request_for_sources_that_are_painted() -> None:
    for payload in REQUESTS:
        request = parse_render(payload, local_sources=True)
        assert [*lint(request), *unknown_fields(payload)] == []
        assert set(request.source_urls()) <= {*PICTURES, *TABLES, CLIP}


@pytest.mark.parametrize("name", TABLES)
def test_the_colour_tables_are_tables_of_the_format(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(TABLES[name](), "ascii")
    values = read_cube(path).values
    assert 0 <= values.min() < 0.2
    assert 0.8 < values.max() <= 1


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: str(sheet.file))
def test_a_sheet_shows_each_of_its_tiles_once_and_within_its_edges(sheet: Sheet) -> None:
    request = parse_render(page(sheet), local_sources=True)
    tiles = [element for element in request.elements if element.type == "image"]
    files = [tile_file(sheet, i, tile) for i, strip in enumerate(sheet.strips) for tile in range(strip.count)]
    assert [tile.source_url for tile in tiles] == files
    boxes = [(float(tile.x), float(tile.y), float(tile.width), float(tile.height)) for tile in tiles]
    assert len({box[:2] for box in boxes}) == len(boxes)
    assert all(x >= 0 and x + width <= WIDTH and y + height <= request.size[1] for x, y, width, height in boxes)
    assert {width / height for _, _, width, height in boxes} == {16 / 9}


def test_a_strip_is_as_long_as_its_film() -> None:
    for strip in STRIPS:
        for request in strip.requests:
            still = request.get("output_format") == "png"
            frames = 1 if still else round(request["duration"] * request["frame_rate"])
            assert max(strip.frames) < frames, strip.name


def test_the_index_describes_every_entry_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    write_index(SHEETS, tmp_path)
    index = (tmp_path / "README.md").read_text("utf-8")
    for strip in _described():
        assert f"- `{strip.name}`: {strip.look}" in index
    assert re.findall(r"\]\(([^)]+\.jpg)\)", index) == [f"{sheet.file}.jpg" for sheet in SHEETS]


def _described() -> list[Strip]:
    shown = [strip for strip in STRIPS if strip.note != "as it is"]
    assert all(strip.look for strip in shown)
    return shown


def test_the_sheets_and_the_index_that_are_kept_are_those_of_the_plan(tmp_path: Path) -> None:
    write_index(SHEETS, tmp_path)
    assert (GALLERY / "README.md").read_text("utf-8") == (tmp_path / "README.md").read_text("utf-8")
    sizes = {path.stem: path.stat().st_size for path in GALLERY.glob("*.jpg")}
    assert set(sizes) == {sheet.file for sheet in SHEETS}
    assert max(sizes.values()) <= MAX_BYTES
