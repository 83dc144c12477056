"""Painting a laid-out block with Skia: plate, shadow, outline, fill, decorations and colour glyphs.

Everything is drawn as outlines without hinting and with grey antialiasing, so that a raster is the same at every
position but for its shift, and the same on every machine.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from gpu_tasks.engine.text.layout import Block
from gpu_tasks.engine.text.outlines import Placement, decorations, in_span, outline_run
from gpu_tasks.engine.text.paragraph import Glyph, GlyphRun
from gpu_tasks.errors import JobFailed

Color = tuple[int, int, int, int]

MAX_RASTER_SIDE_PX = 32_000  # beyond, Skia's fixed-point edges lose precision
MAX_RASTER_PIXELS = 1 << 26  # 256 MiB of RGBA
_PAINTED_WHOLE_PIXELS = 1 << 23
_MARGIN_PX = 2  # round corners bleed a little over their bounds
_SHADOW_DROP_EM, _SHADOW_SIGMA_EM, _SHADOW_ALPHA = 0.045, 0.06, 165
_BLUR_REACH_SIGMAS = 3.2
_SHARPEST_SIGMA_PX = 5.0
# Colour glyphs have no outline to measure; none reaches further than this from its pen.
_EMOJI_ASCENT_EM, _EMOJI_DESCENT_EM, _EMOJI_SIDE_EM = 1.15, 0.45, 0.15


@dataclass(frozen=True, slots=True)
class Plate:
    """A filled rectangle behind the text, in box pixels."""

    color: Color
    width: float
    height: float
    radius: float


@dataclass(frozen=True, slots=True)
class Look:
    """Colours and strokes. `outline_width` is what shows outside the letters, in pixels; `hollow` has no fill."""

    fill: Color
    outline: Color
    outline_width: float
    hollow: bool
    shadow: bool
    decoration: str
    plate: Plate | None


class _Picture(NamedTuple):
    """What is drawn, in box pixels: outlines, and colour glyphs as (blob, bounds)."""

    paths: list[Any]
    blobs: list[tuple[Any, Any]]


def paint(block: Block, look: Look, place: Placement) -> tuple[NDArray[np.uint8], int, int]:
    """Raster the block; returns premultiplied RGBA and the raster's left and top in scaled box pixels.

    Raises JobFailed when the picture would exceed MAX_RASTER_SIDE_PX or MAX_RASTER_PIXELS.
    """
    picture = _picture(block, look, place)
    whole = _raster_bounds(_reach(picture, look, block.size), place)
    seen = _intersection(whole, place.window) if place.window else whole
    # Skia antialiases a cut curve a little differently, so what fits is painted whole and cut afterwards.
    painted = whole if (whole[2] - whole[0]) * (whole[3] - whole[1]) <= _PAINTED_WHOLE_PIXELS else seen
    rgba = _paint_rectangle(picture, look, place, block.size, painted)
    rows, columns = slice(seen[1] - painted[1], seen[3] - painted[1]), slice(seen[0] - painted[0], seen[2] - painted[0])
    return np.ascontiguousarray(rgba[rows, columns]), seen[0], seen[1]


def _paint_rectangle(
    picture: _Picture, look: Look, place: Placement, size: float, bounds: tuple[int, int, int, int]
) -> NDArray[np.uint8]:
    left, top, right, bottom = bounds
    rgba = _allocate(right - left, bottom - top)
    if not rgba.size:
        return rgba
    height, width = rgba.shape[:2]
    info = skia.ImageInfo.Make(width, height, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, rgba)
    canvas = surface.getCanvas()
    canvas.translate(place.offset[0] - left, place.offset[1] - top)
    canvas.scale(place.scale, place.scale)
    _draw(canvas, picture, look, size)
    surface.flushAndSubmit()
    return rgba


def _allocate(width: int, height: int) -> NDArray[np.uint8]:
    if max(width, height) > MAX_RASTER_SIDE_PX or width * height > MAX_RASTER_PIXELS:
        raise JobFailed(
            "out_of_memory",
            f"a text would cover {width}×{height} pixels; at most {MAX_RASTER_SIDE_PX} a side and "
            f"{MAX_RASTER_PIXELS} in all are drawn: use a smaller font or less text",
        )
    return np.zeros((max(height, 0), max(width, 0), 4), np.uint8)


def _picture(block: Block, look: Look, place: Placement) -> _Picture:
    picture = _Picture([], [])
    for line in block.lines:
        origin_x, baseline = place.x + line.x, place.y + line.baseline
        for run in line.runs:
            glyphs = [glyph for glyph in run.glyphs if in_span(glyph, place.span)]
            if glyphs and run.face.is_color:
                picture.blobs.append(_color_run(run, glyphs, block.size, origin_x, baseline))
            elif glyphs:
                picture.paths.append(outline_run(run, glyphs, block.size, origin_x, baseline))
        if look.decoration != "none":
            picture.paths.extend(decorations(block, line, look.decoration, place))
    return picture


def _color_run(run: GlyphRun, glyphs: Sequence[Glyph], size: float, x: float, baseline: float) -> tuple[Any, Any]:
    font = skia.Font(run.face.typeface, size * run.face.size_adjust)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    points = [skia.Point(x + glyph.x, baseline + glyph.y) for glyph in glyphs]
    builder = skia.TextBlobBuilder()
    builder.allocRunPos(font, [glyph.glyph_id for glyph in glyphs], points)
    bounds = skia.Rect.MakeLTRB(
        x + min(glyph.left for glyph in glyphs) - _EMOJI_SIDE_EM * size,
        baseline - _EMOJI_ASCENT_EM * size,
        x + max(glyph.right for glyph in glyphs) + _EMOJI_SIDE_EM * size,
        baseline + _EMOJI_DESCENT_EM * size,
    )
    return builder.make(), bounds


def _reach(picture: _Picture, look: Look, size: float) -> Any:
    """Bounds of everything that may be painted, in box pixels."""
    ink = skia.Rect.MakeEmpty()
    for bounds in [*(path.getBounds() for path in picture.paths), *(bounds for _, bounds in picture.blobs)]:
        ink.join(bounds)
    if not ink.isEmpty():
        ink.outset(look.outline_width, look.outline_width)
    if look.shadow and not ink.isEmpty():
        cast = ink.makeOffset(0, _SHADOW_DROP_EM * size)
        reach = _BLUR_REACH_SIGMAS * _SHADOW_SIGMA_EM * size
        cast.outset(reach, reach)
        ink.join(cast)
    if look.plate:
        ink.join(skia.Rect.MakeWH(look.plate.width, look.plate.height))
    return ink


def _raster_bounds(reach: Any, place: Placement) -> tuple[int, int, int, int]:
    if reach.isEmpty():
        return 0, 0, 0, 0
    scale, (shift_x, shift_y) = place.scale, place.offset
    left = math.floor(reach.fLeft * scale + shift_x) - _MARGIN_PX
    top = math.floor(reach.fTop * scale + shift_y) - _MARGIN_PX
    right = math.ceil(reach.fRight * scale + shift_x) + _MARGIN_PX
    bottom = math.ceil(reach.fBottom * scale + shift_y) + _MARGIN_PX
    return left, top, right, bottom


def _intersection(
    bounds: tuple[int, int, int, int], window: tuple[float, float, float, float]
) -> tuple[int, int, int, int]:
    """What of `bounds` lies in the window; an empty rectangle inside `bounds` when nothing does."""
    left, top = (min(max(bounds[i], math.floor(window[i])), bounds[i + 2]) for i in (0, 1))
    right, bottom = (max(min(bounds[i], math.ceil(window[i])), least) for i, least in ((2, left), (3, top)))
    return left, top, right, bottom


def _draw(canvas: Any, picture: _Picture, look: Look, size: float) -> None:
    if look.plate:
        _draw_plate(canvas, look.plate)
    if look.shadow:
        _draw_shadow(canvas, picture, look, size)
    _draw_text(canvas, picture, look)


def _draw_text(canvas: Any, picture: _Picture, look: Look) -> None:
    if look.outline_width > 0:
        _draw_outline(canvas, picture, look)
    _draw_fill(canvas, picture, look)


def _draw_shadow(canvas: Any, picture: _Picture, look: Look, size: float) -> None:
    """The text in blurred black. A wide blur is drawn small and enlarged: it looks the same and costs a fraction."""
    info, matrix = canvas.imageInfo(), canvas.getTotalMatrix()
    sigma = _SHADOW_SIGMA_EM * size * matrix.getScaleX()
    shrink = max(1.0, sigma / _SHARPEST_SIGMA_PX)
    width, height = math.ceil(info.width() / shrink), math.ceil(info.height() / shrink)
    small = skia.Surface.MakeRaster(info.makeWH(width, height))
    pen = small.getCanvas()
    pen.scale(1 / shrink, 1 / shrink)
    pen.concat(matrix)
    pen.translate(0, _SHADOW_DROP_EM * size)
    # Sigma counts in the canvas's own units, which the matrices above have changed to box pixels.
    blur = skia.ImageFilters.Blur(_SHADOW_SIGMA_EM * size, _SHADOW_SIGMA_EM * size)
    black = skia.ColorFilters.Blend(skia.ColorSetARGB(_SHADOW_ALPHA, 0, 0, 0), skia.BlendMode.kSrcIn)
    pen.saveLayer(None, skia.Paint(ImageFilter=blur, ColorFilter=black))
    _draw_text(pen, picture, look)
    pen.restore()
    canvas.save()
    canvas.resetMatrix()
    canvas.scale(shrink, shrink)
    canvas.drawImage(small.makeImageSnapshot(), 0, 0, skia.SamplingOptions(skia.FilterMode.kLinear))
    canvas.restore()


def _draw_plate(canvas: Any, plate: Plate) -> None:
    radius = min(plate.radius, plate.width / 2, plate.height / 2)
    rect = skia.Rect.MakeWH(plate.width, plate.height)
    canvas.drawRoundRect(rect, radius, radius, skia.Paint(Color=_argb(plate.color), AntiAlias=True))


def _draw_outline(canvas: Any, picture: _Picture, look: Look) -> None:
    """A stroke twice as wide as shows; under see-through letters its inner half is taken away again."""
    canvas.saveLayerAlpha(None, look.outline[3])
    stroke = skia.Paint(
        Color=_argb((*look.outline[:3], 255)),
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=2 * look.outline_width,
        StrokeJoin=skia.Paint.kRound_Join,
    )
    for path in picture.paths:
        canvas.drawPath(path, stroke)
    if look.hollow or look.fill[3] < 255:
        eraser = skia.Paint(AntiAlias=True, BlendMode=skia.BlendMode.kDstOut)
        for path in picture.paths:
            canvas.drawPath(path, eraser)
    canvas.restore()


def _draw_fill(canvas: Any, picture: _Picture, look: Look) -> None:
    """One layer at the text's alpha, so that overlapping letters don't show through one another."""
    canvas.saveLayerAlpha(None, look.fill[3])
    fill = skia.Paint(Color=_argb((*look.fill[:3], 255)), AntiAlias=True)
    for path in picture.paths if not look.hollow else ():
        canvas.drawPath(path, fill)
    for blob, _ in picture.blobs:
        canvas.drawTextBlob(blob, 0, 0, fill)
    canvas.restore()


def _argb(color: Color) -> int:
    red, green, blue, alpha = color
    argb: int = skia.ColorSetARGB(alpha, red, green, blue)
    return argb
