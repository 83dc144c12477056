"""Which font draws what: the chosen family first, then the committed fallbacks, installed fonts only on request."""

from pathlib import Path

import pytest

from gpu_tasks.engine.text import TextRenderer, faces
from gpu_tasks.media.fonts import FontCatalogue, committed_fonts, read_font
from tests.engine.text_help import CANVAS, element, ink, raster

THAI = "สวัสดี"


@pytest.fixture
def installed_thai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    family = committed_fonts().family("Noto Sans Thai")
    assert family is not None
    (tmp_path / "NotoSansThai-Regular.ttf").write_bytes(read_font(family.slices[0].files[0].path))
    monkeypatch.setattr(faces, "SYSTEM_FONT_FOLDERS", (tmp_path,))
    return tmp_path


@pytest.fixture
def only_inter() -> TextRenderer:
    return TextRenderer(FontCatalogue((committed_fonts().default,)))


@pytest.mark.usefixtures("installed_thai")
def test_installed_fonts_are_left_alone(only_inter: TextRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(faces.SYSTEM_FONTS_VARIABLE, raising=False)
    assert "U+0E2A" in only_inter.render(element(THAI, font_size=40), CANVAS).warnings[-1]


@pytest.mark.usefixtures("installed_thai")
def test_installed_fonts_help_when_asked(only_inter: TextRenderer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(faces.SYSTEM_FONTS_VARIABLE, "1")
    painted = only_inter.render(element(THAI, font_size=40), CANVAS)
    assert painted.warnings == ()
    assert ink(painted.rgba) == pytest.approx(ink(raster(THAI, font_size=40).rgba), rel=0.01)


@pytest.mark.parametrize("family", [family.name for family in committed_fonts().families if family.category != "emoji"])
def test_every_family_draws_latin_without_a_warning(family: str) -> None:
    painted = raster("Alice", font_size=60, font_family=family)
    assert painted.warnings == ()
    assert ink(painted.rgba) > 300


def test_families_look_different() -> None:
    designed = [family.name for family in committed_fonts().families if family.category not in ("fallback", "emoji")]
    widths = {
        family: round(raster("Hamburgefonstiv 123", font_size=100, font_family=family).width) for family in designed
    }
    assert len(set(widths.values())) == len(designed)


def test_bold_thickens_fallback_scripts_too() -> None:
    for text in ("سلام", "日本", "한국", "नमस्ते"):
        assert ink(raster(text, font_size=60, font_weight=700).rgba) > 1.15 * ink(raster(text, font_size=60).rgba), text
