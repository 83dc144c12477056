"""A font as a picture: its name set in itself, and a few of its characters below."""

from dataclasses import replace
from pathlib import Path
from typing import Final
from unicodedata import category

import numpy as np

from gpu_tasks.engine.text.renderer import TextRenderer
from gpu_tasks.media.font_files import FontFacts, families_of, font_facts
from gpu_tasks.media.fonts import DEFAULT_FAMILY, FontCatalogue, committed_fonts
from gpu_tasks.previews.pictures import Pixels
from gpu_tasks.timeline.request import TextElement

WIDTH_PX, HEIGHT_PX = 640, 360
MARGIN_PX = 40
PAPER: Final = (250, 250, 249)
INK, FAINT_INK = "#1c1c1e", "#6e6e76"
NAME_PX, SAMPLE_PX = 84, 40
LONGEST_NAME = 60
SAMPLE = "AaBbCc 0123"
SAMPLE_LENGTH = 10
_LETTERS, _SIGNS = frozenset({"Lu", "Ll", "Lo"}), frozenset({"Nd", "No", "So", "Sm", "Sc", "Co"})
"""Categories of Unicode: combining marks and controls are in neither."""
_OWN = "The font of the specimen"


def draw(path: Path) -> Pixels:
    """H×W×3. A name that the font cannot write is set in the default font. Raises JobFailed."""
    facts = font_facts(path)
    family = replace(families_of([path])[0], name=_OWN)
    renderer = TextRenderer(FontCatalogue((family, *committed_fonts().families)))
    name = facts.family[:LONGEST_NAME]
    name_font = _OWN if _is_drawn(facts, name) else DEFAULT_FAMILY
    sheet = np.full((HEIGHT_PX, WIDTH_PX, 3), PAPER, dtype=np.uint8)
    middle = HEIGHT_PX * 2 // 3
    _set(sheet, renderer, _line(name, name_font, NAME_PX, INK, facts), MARGIN_PX, middle)
    _set(sheet, renderer, _line(_sample(facts), _OWN, SAMPLE_PX, FAINT_INK, facts), middle, HEIGHT_PX - MARGIN_PX)
    return sheet


def _is_drawn(facts: FontFacts, text: str) -> bool:
    return all(ord(character) in facts.code_points for character in text if not character.isspace())


def _sample(facts: FontFacts) -> str:
    """Letters that everybody knows, or else the first letters or signs that the font draws and that stand alone."""
    if _is_drawn(facts, SAMPLE):
        return SAMPLE
    drawn = [chr(point) for point in facts.code_points]
    letters = [character for character in drawn if category(character) in _LETTERS]
    signs = [character for character in drawn if category(character) in _SIGNS]
    chosen = letters if len(letters) >= SAMPLE_LENGTH else letters + signs
    return "".join(chosen[:SAMPLE_LENGTH]) or facts.family[:LONGEST_NAME]


def _line(text: str, family: str, size_px: float, colour: str, facts: FontFacts) -> TextElement:
    return TextElement(
        type="text",
        text=text,
        duration=1,
        font_family=family,
        font_size=size_px,
        font_weight=_usual_weight(facts) if family == _OWN else 400,
        font_style="italic" if facts.italic and family == _OWN else "normal",
        text_color=colour,
        width=WIDTH_PX - 2 * MARGIN_PX,
    )


def _usual_weight(facts: FontFacts) -> int:
    """Regular where the font has it, else the nearest weight that may be asked for."""
    return min(max(min(max(400, facts.min_weight), facts.max_weight), 100), 900)


def _set(sheet: Pixels, renderer: TextRenderer, element: TextElement, top: int, bottom: int) -> None:
    """Paint a text into the middle of a band of the sheet, as small as it must be to fit."""
    canvas = (WIDTH_PX, HEIGHT_PX)
    layout = renderer.layout(element, canvas)
    scale = min(1.0, (bottom - top) / max(layout.height, 1.0))
    left = (WIDTH_PX - layout.width * scale) / 2
    upper = (top + bottom - layout.height * scale) / 2
    window = (-left, -upper, WIDTH_PX - left, HEIGHT_PX - upper)
    raster = renderer.render(element, canvas, scale=scale, window=window)
    _paste(sheet, raster.rgba, round(left) + raster.origin_x, round(upper) + raster.origin_y)


def _paste(sheet: Pixels, premultiplied: Pixels, x: int, y: int) -> None:
    """Lay premultiplied RGBA over the sheet; what lies outside of it is left out."""
    left, top = max(0, -x), max(0, -y)
    part = premultiplied[top : sheet.shape[0] - y, left : sheet.shape[1] - x]
    if part.size == 0:
        return
    under = sheet[y + top : y + top + part.shape[0], x + left : x + left + part.shape[1]]
    clear = 255 - part[..., 3:].astype(np.uint16)
    under[:] = np.minimum(part[..., :3] + (under * clear + 127) // 255, 255)
