"""The sample files are small, of the lengths that pages count on, and what the talking figure says is known."""

import csv
import io
import re
from pathlib import Path

import pytest

from examples.samples import MAKERS, MAX_BYTES
from examples.sources.__main__ import make
from examples.sources.speech import words
from gpu_tasks.media.probe import probe
from tests.docs.stage import ROOT, SAMPLES, SPOKEN

FILMS_S = {"clip.mp4": 4.0, "second.mp4": 4.0, "talk.mp4": 6.0, "green.mp4": 3.0}
PAGES_WITH_WORDS = ("quickstart.md", "agents/llms.md", "agents/skill.md")


def test_every_sample_is_made_by_the_script() -> None:
    assert MAKERS.keys() == {path.name for path in SAMPLES.iterdir()}


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_sample_is_small(name: str) -> None:
    assert 0 < (SAMPLES / name).stat().st_size < MAX_BYTES


@pytest.mark.parametrize(("name", "length_s"), FILMS_S.items())
def test_a_clip_has_its_size_length_and_sound(name: str, length_s: float) -> None:
    info = probe(SAMPLES / name)
    assert (info.width, info.height, info.has_audio) == (640, 360, True)
    assert float(info.duration_s or 0) == pytest.approx(length_s, abs=0.03)


def test_the_rows_are_rows() -> None:
    rows = list(csv.DictReader(io.StringIO((SAMPLES / "rows.csv").read_text("utf-8"))))
    assert len(rows) == 3
    assert all(all(row.values()) for row in rows)


def test_what_is_said_is_known() -> None:
    assert " ".join(word.text for word in words()) == SPOKEN


@pytest.mark.parametrize("name", PAGES_WITH_WORDS)
def test_the_words_of_pages_are_the_words_that_are_said(name: str) -> None:
    said = [(word.text, word.start_s, word.end_s) for word in words()][:6]
    text = (ROOT / "docs" / name).read_text("utf-8")
    told = re.findall(r'\{"text": "(\S+)", "start": ([\d.]+), "end": ([\d.]+)\}', text)
    assert [(word, float(start), float(end)) for word, start, end in told][:6] == said


def test_a_source_is_made_once(tmp_path: Path) -> None:
    """Tours may be walked again: what is there stays."""
    first = make("logo.png", tmp_path).stat()
    assert make("logo.png", tmp_path).stat() == first
