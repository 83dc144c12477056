"""Opened fonts: shaping and outlines through HarfBuzz, colour glyphs through Skia. Files are opened on first use."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import skia
import uharfbuzz as hb

from gpu_tasks.media.fonts import CodePoints, FontCatalogue, FontFamily, FontFile, FontSlice, read_font

SYSTEM_FONTS_VARIABLE = "FRAMELANE_SYSTEM_FONTS"
SYSTEM_FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# Weights from here on are bold enough that a lighter file is thickened (as browsers do).
_BOLD_FROM = 600
_EMBOLDEN_EM = 0.028
_SLANT = 0.21
_CACHED_OUTLINES = 4096
# Characters around a run that its shaping may look at, to join letters (HarfBuzz itself looks no further than 5).
_CONTEXT = 5


class Metrics(NamedTuple):
    """Shares of an em, upwards positive; `underline` and `strikethrough` are the middles of those bars."""

    cap_height: float
    underline: float
    underline_thickness: float
    strikethrough: float
    strikethrough_thickness: float


class ShapedGlyph(NamedTuple):
    """A glyph in em units: its offset from the pen, its advance, and `char_index`, the character it stands for."""

    glyph_id: int
    char_index: int
    x_offset: float
    y_offset: float
    advance: float


@dataclass(frozen=True, slots=True)
class FaceKey:
    """Which file, at which weight, and what had to be faked."""

    file: FontFile
    weight: int
    embolden: bool
    slant: bool


class Face:
    """One font at one weight and slant."""

    def __init__(self, key: FaceKey, blob: bytes, size_adjust: float = 1.0) -> None:
        self._blob = blob
        self.size_adjust = size_adjust
        face = hb.Face(hb.Blob(blob), key.file.collection_index)
        self.is_color = bool(face.has_color_paint or face.has_color_layers or face.has_color_png)
        self.units_per_em: int = face.upem
        self._font = hb.Font(face)
        self._font.set_variations({"wght": key.weight})
        if key.embolden and not self.is_color:
            self._font.synthetic_bold = (_EMBOLDEN_EM, _EMBOLDEN_EM, False)
        if key.slant and not self.is_color:
            self._font.synthetic_slant = _SLANT
        self._collection_index = key.file.collection_index
        self.outline = lru_cache(_CACHED_OUTLINES)(self._outline)

    @property
    def scale(self) -> float:
        """Em per font unit."""
        return self.size_adjust / self.units_per_em

    def shape(
        self,
        text: Sequence[int],
        start: int,
        end: int,
        script: str,
        language: str,
        right_to_left: bool,
        ligatures: bool,
    ) -> list[ShapedGlyph]:
        """The glyphs of `text[start:end]` (code points, not empty) from left to right; what is around it is context."""
        before = max(start - _CONTEXT, 0)
        buffer = hb.Buffer()
        buffer.add_codepoints(text[before : end + _CONTEXT], start - before, end - start)
        buffer.script, buffer.language = script, language
        buffer.direction = "rtl" if right_to_left else "ltr"
        hb.shape(self._font, buffer, {} if ligatures else {"liga": False, "clig": False})
        return [
            ShapedGlyph(
                info.codepoint,
                info.cluster + before,
                place.x_offset * self.scale,
                place.y_offset * self.scale,
                place.x_advance * self.scale,
            )
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]

    def _outline(self, glyph_id: int) -> Any:
        path = skia.Path()
        self._font.draw_glyph(glyph_id, _draw_funcs(), path)
        return path

    @cached_property
    def typeface(self) -> Any:
        """Skia's view of the same file, for colour glyphs."""
        return _font_manager().makeFromData(skia.Data.MakeWithCopy(self._blob), self._collection_index)

    @cached_property
    def metrics(self) -> Metrics:
        """Of the main font of a line: where its capitals end and its decorations lie."""
        tags = hb.OTMetricsTag
        em = {tag: self._font.get_metric_position_with_fallback(tag) / self.units_per_em for tag in tags}
        return Metrics(
            cap_height=em[tags.CAP_HEIGHT] or 0.7,
            underline=em[tags.UNDERLINE_OFFSET] - em[tags.UNDERLINE_SIZE] / 2,
            underline_thickness=em[tags.UNDERLINE_SIZE],
            strikethrough=em[tags.STRIKEOUT_OFFSET] - em[tags.STRIKEOUT_SIZE] / 2,
            strikethrough_thickness=em[tags.STRIKEOUT_SIZE],
        )


@lru_cache(1)
def _draw_funcs() -> Any:
    funcs = hb.DrawFuncs()
    funcs.set_move_to_func(lambda x, y, path: path.moveTo(x, y))
    funcs.set_line_to_func(lambda x, y, path: path.lineTo(x, y))
    funcs.set_quadratic_to_func(lambda cx, cy, x, y, path: path.quadTo(cx, cy, x, y))
    funcs.set_cubic_to_func(lambda ax, ay, bx, by, x, y, path: path.cubicTo(ax, ay, bx, by, x, y))
    funcs.set_close_path_func(lambda path: path.close())
    return funcs


@lru_cache(1)
def _font_manager() -> Any:
    """One that knows no system fonts, so that nothing outside the project is ever consulted."""
    return skia.FontMgr.New_Custom_Empty()


class FontLibrary:
    """Chooses and opens faces. Not thread-safe; one per renderer."""

    def __init__(self, catalogue: FontCatalogue) -> None:
        self.catalogue = catalogue
        self._blobs: dict[Path, bytes] = {}
        self._faces: dict[FaceKey, Face] = {}
        self._system: list[FontSlice] | None = None

    def face(self, family: FontFamily, part: FontSlice, weight: int, italic: bool) -> Face:
        """The face of a family's slice that comes nearest to the wish, thickened or slanted where the family cannot."""
        file = part.best_file(weight, italic)
        nearest = min(max(weight, file.min_weight), file.max_weight)
        embolden = weight >= _BOLD_FROM > file.max_weight
        key = FaceKey(file, nearest, embolden, slant=italic and not file.italic)
        if key not in self._faces:
            if file.path not in self._blobs:
                self._blobs[file.path] = read_font(file.path)
            self._faces[key] = Face(key, self._blobs[file.path], family.size_adjust)
        return self._faces[key]

    def main_face(self, family: FontFamily, weight: int, italic: bool) -> Face:
        """The face whose metrics lay the lines."""
        return self.face(family, family.slices[0], weight, italic)

    def find(self, code_points: Sequence[int], family: FontFamily, weight: int, italic: bool) -> Face | None:
        """The first face, from `family` through the fallbacks, that draws all characters, or at least the first."""
        families = (family, *self.catalogue.fallbacks)
        for needed in (code_points, code_points[:1]):
            for candidate in families:
                part = _slice_with(candidate.slices, needed)
                if part is not None:
                    return self.face(candidate, part, weight, italic)
            part = _slice_with(self._system_slices(), needed)
            if part is not None:
                return self.face(family, part, weight, italic)
        return None

    def find_emoji(self, code_points: Sequence[int]) -> Face | None:
        """The colour face that owns the emoji whose sequence starts with the first character."""
        for family in self.catalogue.emoji:
            part = family.slice_for(code_points[0])
            if part is not None:
                return self.face(family, part, 400, False)
        return None

    def _system_slices(self) -> list[FontSlice]:
        if self._system is None:
            wanted = os.environ.get(SYSTEM_FONTS_VARIABLE) == "1"
            self._system = list(_scan_system_fonts()) if wanted else []
        return self._system


def _slice_with(slices: Sequence[FontSlice], code_points: Sequence[int]) -> FontSlice | None:
    return next((part for part in slices if all(point in part.points for point in code_points)), None)


def _scan_system_fonts() -> Iterator[FontSlice]:
    """Installed Noto Sans fonts in regular weight, in the order of their names."""
    paths = (path for folder in SYSTEM_FONT_FOLDERS for path in folder.rglob("NotoSans*-Regular.*"))
    for path in sorted(paths):
        if path.suffix in (".ttf", ".otf", ".ttc"):
            face = hb.Face(hb.Blob.from_file_path(str(path)))
            yield FontSlice(CodePoints(_ranges(face.unicodes)), (FontFile(path, 400, 400, italic=False),))


def _ranges(points: Any) -> str:
    return " ".join(f"{point:X}" for point in sorted(points))
