"""The outlines of glyph runs and of underlines and strikethroughs, placed in the box."""

from collections.abc import Iterator, Sequence
from typing import Any

import skia

from gpu_tasks.engine.text.layout import Block, Line
from gpu_tasks.engine.text.paragraph import Glyph, GlyphRun


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


def decorations(block: Block, line: Line, kind: str, x: float, baseline: float) -> Iterator[Any]:
    """The bars of a line's underline, broken where letters cross it, or of its strikethrough, as rectangles.

    The line starts at `x` and stands on `baseline`.
    """
    glyphs = [glyph for run in line.runs for glyph in run.glyphs]
    if not glyphs:
        return
    size, metrics = block.size, block.metrics
    left, right = x + min(glyph.left for glyph in glyphs), x + max(glyph.right for glyph in glyphs)
    if kind == "strikethrough":
        yield _bar(left, right, baseline - metrics.strikethrough * size, metrics.strikethrough_thickness * size)
        return
    middle, thickness = baseline - metrics.underline * size, metrics.underline_thickness * size
    gaps = _descenders(line, size, (x, baseline), middle, thickness)
    for start, end in _gaps_cut(left, right, gaps, thickness):
        yield _bar(start, end, middle, thickness)


def _bar(left: float, right: float, middle: float, thickness: float) -> Any:
    return skia.Rect.MakeLTRB(left, middle - thickness / 2, right, middle + thickness / 2)


def rectangle(rect: Any) -> Any:
    """A rectangle as a path."""
    path = skia.Path()
    path.addRect(rect)
    return path


def _descenders(
    line: Line, size: float, start: tuple[float, float], middle: float, thickness: float
) -> Iterator[tuple[float, float]]:
    """Where letters cross the underline: (left, right) with a little air."""
    band = rectangle(_bar(-1e6, 1e6, middle, thickness * 2))
    for run in line.runs:
        for glyph in run.glyphs if not run.face.is_color else ():
            path = outline_run(run, [glyph], size, *start)
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
