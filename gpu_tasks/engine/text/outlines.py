"""The outlines of glyph runs and of underlines and strikethroughs, placed in the box."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import skia

from gpu_tasks.engine.text.layout import Block, Line
from gpu_tasks.engine.text.paragraph import Glyph, GlyphRun


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the block's top-left lies in the box, and how box pixels become raster pixels: × scale + offset."""

    x: float
    y: float
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)
    window: tuple[float, float, float, float] | None = None
    span: tuple[int, int] | None = None


def in_span(glyph: Glyph, span: tuple[int, int] | None) -> bool:
    """Whether the glyph belongs to the characters that are wanted."""
    return span is None or span[0] <= glyph.char_index < span[1]


def outline_run(run: GlyphRun, glyphs: Sequence[Glyph], size: float, x: float, baseline: float) -> Any:
    """One path of all glyphs: the run's line starts at `x` and stands on `baseline`."""
    scale = size * run.face.scale
    path = skia.Path()
    for glyph in glyphs:
        path.addPath(run.face.outline(glyph.glyph_id), _to_box(scale, x + glyph.x, baseline + glyph.y))
    return path


def _to_box(scale: float, x: float, y: float) -> Any:
    """Font units, upwards, to box pixels, downwards."""
    return skia.Matrix.MakeAll(scale, 0, x, 0, -scale, y, 0, 0, 1)


def decorations(block: Block, line: Line, kind: str, place: Placement) -> Iterator[Any]:
    """The bars of a line's underline, broken where letters cross it, or of its strikethrough."""
    glyphs = [glyph for run in line.runs for glyph in run.glyphs if in_span(glyph, place.span)]
    if not glyphs:
        return
    size, metrics = block.size, block.metrics
    left = place.x + line.x + min(glyph.left for glyph in glyphs)
    right = place.x + line.x + max(glyph.right for glyph in glyphs)
    baseline = place.y + line.baseline
    if kind == "strikethrough":
        yield _bar(left, right, baseline - metrics.strikethrough * size, metrics.strikethrough_thickness * size)
        return
    middle, thickness = baseline - metrics.underline * size, metrics.underline_thickness * size
    for start, end in _gaps_cut(left, right, _descenders(line, block.size, place, middle, thickness), thickness):
        yield _bar(start, end, middle, thickness)


def _bar(left: float, right: float, middle: float, thickness: float) -> Any:
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(left, middle - thickness / 2, right, middle + thickness / 2))
    return path


def _descenders(
    line: Line, size: float, place: Placement, middle: float, thickness: float
) -> Iterator[tuple[float, float]]:
    """Where letters cross the underline: (left, right) with a little air."""
    band = _bar(-1e6, 1e6, middle, thickness * 2)
    for run in line.runs:
        for glyph in run.glyphs if not run.face.is_color else ():
            path = outline_run(run, [glyph], size, place.x + line.x, place.y + line.baseline)
            if path.getBounds().fBottom > middle - thickness:
                crossing = skia.Op(path, band, skia.PathOp.kIntersect_PathOp)
                if crossing is not None and not crossing.isEmpty():
                    bounds = crossing.getBounds()
                    yield bounds.fLeft - thickness, bounds.fRight + thickness


def _gaps_cut(
    left: float, right: float, gaps: Iterator[tuple[float, float]], least: float
) -> Iterator[tuple[float, float]]:
    """left…right without the gaps; crumbs shorter than `least` fall away."""
    start = left
    for gap_left, gap_right in sorted(gaps):
        if gap_left - start > least:
            yield start, gap_left
        start = max(start, gap_right)
    if right - start > least:
        yield start, right
