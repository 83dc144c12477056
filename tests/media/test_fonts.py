"""The committed font set keeps what its index and its public list promise."""

import json
from pathlib import Path

import pytest
import uharfbuzz as hb

import gpu_tasks.timeline
from gpu_tasks.media.fonts import FONTS, CodePoints, FontFamily, committed_fonts, read_font

CATALOGUE = committed_fonts()
FILES = sorted({file.path for family in CATALOGUE.families for part in family.slices for file in part.files})
SAMPLES = {
    "latin": "Ag9é",
    "cyrillic": "Жя",
    "greek": "Ωλ",
    "vietnamese": "ạỹ",
    "symbols": "",
    "chinese-simplified": "简体中文，",
    "chinese-traditional": "繁體歷灣",
    "japanese": "日本語のテスト働",
    "korean": "안녕한국",
    "emoji": "😀🎉🇩",
    "arabic": "مرحبا",
    "hebrew": "שלום",
    "devanagari": "नमस्ते",
    "thai": "สวัสดี",
    "bengali": "বাংলা",
    "tamil": "தமிழ்",
    "telugu": "తెలుగు",
    "gujarati": "ગુજરાતી",
    "gurmukhi": "ਪੰਜਾਬੀ",
    "kannada": "ಕನ್ನಡ",
    "malayalam": "മലയാളം",
    "georgian": "ქართული",
    "armenian": "Հայերեն",
    "khmer": "ខ្មែរ",
    "lao": "ລາວ",
}


def public_list() -> list[dict[str, object]]:
    path = Path(gpu_tasks.timeline.__file__).with_name("fonts.json")
    entries: list[dict[str, object]] = json.loads(path.read_text("utf-8"))
    return entries


def test_no_file_is_over_a_megabyte_and_all_are_in_the_index() -> None:
    assert sorted(FONTS.glob("*.woff")) == FILES
    assert max(path.stat().st_size for path in FILES) <= 1_000_000
    assert sum(path.stat().st_size for path in FILES) < 14_000_000


@pytest.mark.parametrize("family", CATALOGUE.families, ids=lambda family: family.name)
def test_every_family_has_its_licence_beside_it(family: FontFamily) -> None:
    licence = family.licence_path.read_text("utf-8").lower()
    expected = {"OFL-1.1": "open font license", "Apache-2.0": "apache license"}[family.licence]
    assert expected in licence


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_opens_and_draws_what_the_index_says(path: Path) -> None:
    face = hb.Face(hb.Blob(read_font(path)))
    drawn = set(face.unicodes)
    parts = [part for family in CATALOGUE.families for part in family.slices if path in [f.path for f in part.files]]
    assert face.upem > 0
    assert [part for part in parts if not all(point in drawn for point in _sample(part.points))] == []


def _sample(points: CodePoints) -> list[int]:
    return [code for code in range(0x20, 0x20000, 7) if code in points]


@pytest.mark.parametrize("family", CATALOGUE.families, ids=lambda family: family.name)
def test_every_promised_script_has_its_characters(family: FontFamily) -> None:
    for script in family.scripts:
        missing = [character for character in SAMPLES[script] if family.slice_for(ord(character)) is None]
        assert missing == [], script


def test_the_public_list_names_the_same_families() -> None:
    entries = public_list()
    assert [entry["family"] for entry in entries] == [family.name for family in CATALOGUE.families]
    assert all(entry["weights"] and entry["styles"] and entry["licence"] for entry in entries)


def test_inter_has_every_weight_upright_and_italic() -> None:
    inter = next(entry for entry in public_list() if entry["family"] == "Inter")
    assert inter["weights"] == list(range(100, 1000, 100))
    assert inter["styles"] == ["normal", "italic"]


def test_families_are_found_however_they_are_written() -> None:
    assert CATALOGUE.family("playfair-display") is CATALOGUE.family("Playfair Display") is not None
    assert CATALOGUE.family("Nonesuch, inter") is CATALOGUE.default
    assert CATALOGUE.family("Nonesuch") is None


def test_code_points_are_parsed_from_ranges() -> None:
    points = CodePoints("20-7E A0")
    assert [code in points for code in (0x1F, 0x20, 0x7E, 0x7F, 0xA0, 0xA1)] == [False, True, True, False, True, False]
    assert len(points) == 96


def test_the_best_file_has_the_slant_first_and_then_the_weight() -> None:
    poppins = CATALOGUE.family("Poppins")
    assert poppins is not None
    file = poppins.slices[0].best_file(650, italic=True)
    assert file.italic
    assert file.min_weight == 700
