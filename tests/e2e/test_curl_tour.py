"""The README's tour with curl is true: its own shell blocks run against a live platform."""

import shutil
from pathlib import Path

import pytest

from examples.sources.__main__ import make
from scripts.demo.film import check_film
from scripts.live import Platform
from scripts.processes import ROOT
from tests.e2e.tours import lines_of, tour_script

pytestmark = pytest.mark.once

TOUR_SCENE = {"width": 1280, "height": 720, "duration": 4, "elements": []}


def test_the_tour_ends_with_a_film(platform: Platform, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed"
    section = (ROOT / "README.md").read_text("utf-8").split("## A tour with curl", 1)[1].split("\n## ", 1)[0]
    lines = lines_of(tour_script(section, least_blocks=5), platform, tmp_path, timeout_s=240)
    assert "logo: 200" in lines
    assert "first chunk: 308" in lines
    assert "Range: bytes=0-1048575" in [line.strip() for line in lines]
    assert "second chunk: 200" in lines
    assert "completed: 100 %" in lines
    assert lines[-3:] == ["202", "200", "409"]
    film = next(Path(line) for line in lines if line.endswith("film.mp4"))
    check_film(film, TOUR_SCENE)


def test_a_source_is_made_once(tmp_path: Path) -> None:
    """The tour may be walked again: what is there stays."""
    first = make("logo.png", tmp_path).stat()
    assert make("logo.png", tmp_path).stat() == first
