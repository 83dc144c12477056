"""The table of costs has a row for every entry of the catalogue, and its bars are judged on the rows."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.costs.meter import composing_ms
from benchmarks.costs.scenes import SIZE, Entry, entries, film, picture
from benchmarks.costs.table import Cost, bars, markdown
from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.lint import parse_render
from tests.media.make import make_image


def test_every_entry_of_the_catalogue_has_a_film_that_is_accepted() -> None:
    found = list(entries())
    for entry in found:
        request = parse_render(entry.payload, local_sources=True)
        assert request.size == SIZE
    rows = {family: [entry.name for entry in found if entry.family == family] for family in ("effects", "transitions")}
    assert rows == {family: list(names(family)) for family in rows}
    directions = [cell for motion in catalogue()["motions"] for cell in motion["element"].values() if cell]
    assert len([entry for entry in found if entry.family == "motions"]) == len(directions)


def test_bars_are_judged_family_by_family() -> None:
    costs = [Cost("effects", "a", 1, 0.1), Cost("effects", "b", 9, 0.9), Cost("effects", "c", 30, 3.0)]
    costs += [Cost("motions", "d", 1, 0.1)]
    assert [(bar.what, bar.figure, bar.verdict) for bar in bars(costs)] == [
        ("effects, median", 0.9, "NOT MET"),
        ("effects, largest", 3.0, "NOT MET"),
        ("motions, median", 0.1, "met"),
        ("motions, largest", 0.1, "met"),
    ]


def test_the_dearest_come_first() -> None:
    report = markdown([Cost("effects", "cheap", 1, 0.1), Cost("effects", "dear", 9, 0.9)], {"cores": "2"})
    assert report.index("| dear | 9.0 | 0.90 |") < report.index("| cheap | 1.0 | 0.10 |")
    assert "- cores: 2" in report


@pytest.mark.slow
def test_what_is_computed_for_every_frame_costs_more_than_what_is_not(tmp_path: Path) -> None:
    paths = {"above.png": make_image(tmp_path / "above.png", np.full((72, 128, 3), 99, np.uint8))}
    still, moving = (
        Entry("motions", "", film(picture("above", motion=motion)))
        for motion in ([], [{"type": "rotate_cw", "time": 0, "duration": 9}])
    )
    assert composing_ms(still.payload, paths) < composing_ms(moving.payload, paths)
