"""Fonts that customers bring: what they are called and draw, and what is refused."""

from pathlib import Path

import pytest

from gpu_tasks.engine.text import TextRenderer
from gpu_tasks.errors import JobFailed
from gpu_tasks.media import font_files
from gpu_tasks.media.font_files import families_of, font_facts
from gpu_tasks.media.fonts import FontCatalogue, committed_fonts
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.request import TextElement
from tests.media.font_make import make_font


@pytest.mark.parametrize("flavor", [None, "woff", "woff2"])
def test_reads_every_wrapping(tmp_path: Path, flavor: str | None) -> None:
    facts = font_facts(make_font(tmp_path / "f", "Brand Sans", flavor=flavor, weight=700))
    assert (facts.family, facts.min_weight, facts.max_weight, facts.italic) == ("Brand Sans", 700, 700, False)
    assert {chr(point) for point in facts.code_points} == set("Fram")


def test_a_probe_tells_the_family(tmp_path: Path) -> None:
    info = probe(make_font(tmp_path / "f.woff2", "Brand Sans", flavor="woff2"))
    assert (info.kind, info.font_family, info.content_type) == ("font", "Brand Sans", "font/woff2")


def test_cuts_of_one_family_are_one_family(tmp_path: Path) -> None:
    light = make_font(tmp_path / "a", "Brand Sans", weight=300)
    bold = make_font(tmp_path / "b", "brand-sans", weight=700)
    (family,) = families_of([light, bold])
    assert family.slices[0].best_file(800, italic=False).path == bold
    assert family.slices[0].best_file(200, italic=False).path == light


def test_a_text_is_set_in_it_and_the_rest_falls_back(tmp_path: Path) -> None:
    own = families_of([make_font(tmp_path / "f", "Brand Sans")])
    renderer = TextRenderer(FontCatalogue((*own, *committed_fonts().families)))
    element = TextElement.model_validate(
        {"type": "text", "text": "FraX", "duration": 1, "font_family": "brand sans", "font_size": 40}
    )
    layout = renderer.layout(element, (640, 360))
    assert layout.warnings == ()
    assert len(layout.block.lines[0].runs) == 2


@pytest.mark.parametrize("size_bytes", [0, 3, 40, 400, 4000])
def test_a_cut_off_font_is_refused(tmp_path: Path, size_bytes: int) -> None:
    path = make_font(tmp_path / "f", "Brand Sans")
    path.write_bytes(path.read_bytes()[:size_bytes])
    with pytest.raises(JobFailed) as caught:
        font_facts(path)
    assert caught.value.code == "invalid_source"


@pytest.mark.parametrize("head", [b"OTTO", b"\0\1\0\0", b"wOFF", b"wOF2", b"true"])
def test_noise_that_begins_like_a_font_is_refused(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "f"
    path.write_bytes(head + bytes(range(256)) * 20)
    with pytest.raises(JobFailed) as caught:
        probe(path)
    assert caught.value.code == "invalid_source"


def test_a_font_without_a_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="called"):
        font_facts(make_font(tmp_path / "f", " - "))


def test_a_font_without_characters_is_refused(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="characters"):
        font_facts(make_font(tmp_path / "f", "Brand Sans", letters=""))


def test_a_huge_font_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(font_files, "MAX_FONT_BYTES", 100)
    with pytest.raises(JobFailed) as caught:
        font_facts(make_font(tmp_path / "f", "Brand Sans"))
    assert caught.value.code == "source_too_large"
