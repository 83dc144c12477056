"""The layers of a painted text, from the plate up to the letters, each over all parts before the next begins.

So a letter's outline never covers its neighbour, and see-through letters that overlap don't add up.
"""

from collections.abc import Callable, Sequence
from typing import Any

import skia

from gpu_tasks.engine.text.look import Look, Plate
from gpu_tasks.engine.text.parts import (
    GLOW_SIGMAS_EM,
    PLATE_RADIUS_EM,
    SHADOW_DROP_EM,
    SHADOW_SIGMA_EM,
    Part,
)
from gpu_tasks.engine.text.pieces import Color
from gpu_tasks.engine.text.soft import Pixels, added, blurred, draw_soft

_SHADOW_ALPHA = 165
_GLOW_STRENGTHS = (0.75, 0.9)
_SPLIT_COLORS: tuple[Color, Color] = ((255, 40, 80, 255), (20, 210, 255, 255))
_SPLIT_SHOWS_EM = 0.015
_BAREST_OPACITY = 0.999
_LINE_SHINE = 0.6


def draw(canvas: Any, parts: Sequence[Part], look: Look, em: float) -> None:
    """Draw all layers. The canvas's units are box pixels; `em` is the font size in them."""
    if look.plate:
        _draw_plate(canvas, look.plate)
    for part in parts:
        if part.piece.plate:
            _draw_word_plate(canvas, part, part.piece.plate)
    if look.shadow:
        _draw_shadow(canvas, parts, look, em)
    if any(part.piece.glow for part in parts):
        _draw_glow(canvas, parts, look, em)
    _draw_text(canvas, parts, look)


def _draw_text(canvas: Any, parts: Sequence[Part], look: Look) -> None:
    for part in parts:
        if part.pose.split_px:
            _draw_split(canvas, part, look)
    if look.outline_width > 0:
        _draw_outlines(canvas, parts, look)
    _draw_fills(canvas, [part for part in parts if part.piece.color is None], look)
    for part in parts:
        if part.piece.color is not None:
            _draw_fill(canvas, part, look, part.piece.color)
        if part.caret is not None:
            canvas.drawRect(part.caret, skia.Paint(Color=argb(look.ink), AntiAlias=True))


def _draw_plate(canvas: Any, plate: Plate) -> None:
    radius = min(plate.radius, plate.width / 2, plate.height / 2)
    rect = skia.Rect.MakeWH(plate.width, plate.height)
    canvas.drawRoundRect(rect, radius, radius, skia.Paint(Color=argb(plate.color), AntiAlias=True))


def _draw_word_plate(canvas: Any, part: Part, color: Color) -> None:
    rect = part.plate()
    radius = min(PLATE_RADIUS_EM * part.em, rect.height() / 2)
    paint = _paint((*color[:3], round(color[3] * part.pose.opacity)))
    _moved(canvas, part, lambda: canvas.drawRoundRect(rect, radius, radius, paint))


def _draw_shadow(canvas: Any, parts: Sequence[Part], look: Look, em: float) -> None:
    """The text in blurred black."""
    black = skia.ColorSetARGB(_SHADOW_ALPHA, 0, 0, 0)
    tint = skia.Paint(ColorFilter=skia.ColorFilters.Blend(black, skia.BlendMode.kSrcIn))

    def silhouette(pen: Any) -> None:
        pen.translate(0, SHADOW_DROP_EM * em)
        pen.saveLayer(None, tint)
        _draw_text(pen, parts, look)
        pen.restore()

    sigma = SHADOW_SIGMA_EM * em
    draw_soft(canvas, sigma, silhouette, lambda pixels, unit_px: blurred(pixels, sigma * unit_px))


def _draw_glow(canvas: Any, parts: Sequence[Part], look: Look, em: float) -> None:
    """A wide and a narrow halo of the letters and their outlines, as light adds up."""
    glowing = [part for part in parts if part.piece.glow]

    def halos(pen: Any) -> None:
        for part in glowing:
            _draw_halo(pen, part, look)

    def soften(pixels: Pixels, unit_px: float) -> Pixels:
        narrow, wide = (sigma_em * em * unit_px for sigma_em in GLOW_SIGMAS_EM)
        return added(blurred(pixels, narrow, _GLOW_STRENGTHS[0]), blurred(pixels, wide, _GLOW_STRENGTHS[1]))

    draw_soft(canvas, GLOW_SIGMAS_EM[0] * em, halos, soften)


def _draw_halo(canvas: Any, part: Part, look: Look) -> None:
    color = part.piece.color or look.ink
    alpha = round(min(part.piece.glow * part.pose.opacity, 1.0) * color[3])
    paint = _paint((*color[:3], alpha))
    if look.outline_width > 0:
        _as_stroke(paint, look)
    if look.outline_width > 0 and not look.hollow:
        paint.setStyle(skia.Paint.kStrokeAndFill_Style)
    _draw_paths(canvas, part, paint)
    _draw_blobs(canvas, part, paint)


def _draw_split(canvas: Any, part: Part, look: Look) -> None:
    """Red and blue copies beside the letters, which the letters then cover."""
    strength = min(1.0, abs(part.pose.split_px) / (_SPLIT_SHOWS_EM * part.em))
    for color, side in zip(_SPLIT_COLORS, (-1, 1), strict=True):
        alpha = round(look.ink[3] * part.pose.opacity * strength)
        paint = _stroke(part, look, color, alpha) if look.hollow else _paint((*color[:3], alpha))
        canvas.save()
        canvas.translate(side * part.pose.split_px, 0)
        _draw_paths(canvas, part, paint)
        canvas.restore()


def _draw_outlines(canvas: Any, parts: Sequence[Part], look: Look) -> None:
    """Strokes twice as wide as show; under see-through letters their inner half is taken away again."""
    see_through = look.hollow or look.fill[3] < 255
    canvas.saveLayerAlpha(None, look.outline[3])
    for part in parts:
        color = part.piece.color if look.hollow and part.piece.color else look.outline
        _draw_paths(canvas, part, _stroke(part, look, color, round(255 * part.pose.opacity)))
    for part in parts:
        if see_through or part.pose.opacity < _BAREST_OPACITY:
            eraser = _paint((0, 0, 0, 255))
            eraser.setBlendMode(skia.BlendMode.kDstOut)
            _draw_paths(canvas, part, eraser)
    canvas.restore()


def _draw_fills(canvas: Any, parts: Sequence[Part], look: Look) -> None:
    """One layer at the text's alpha, so that overlapping letters don't show through one another."""
    see_through = look.fill[3] < 255
    if see_through:
        canvas.saveLayerAlpha(None, look.fill[3])
    for part in parts:
        _draw_fill(canvas, part, look, (*look.fill[:3], 255))
    if see_through:
        canvas.restore()


def _draw_fill(canvas: Any, part: Part, look: Look, color: Color) -> None:
    paint = _paint((*_shining(color, part.pose.shine), round(color[3] * part.pose.opacity)))
    if not look.hollow:
        _draw_paths(canvas, part, paint)
    if part.shape.blobs:
        if part.pose.shine:
            shine = skia.ColorSetARGB(round(255 * part.pose.shine), 255, 255, 255)
            paint.setColorFilter(skia.ColorFilters.Blend(shine, skia.BlendMode.kSrcATop))
        _draw_blobs(canvas, part, paint)


def _draw_paths(canvas: Any, part: Part, paint: Any) -> None:
    if not part.shape.paths:
        return
    if part.blur_sigma:
        paint = skia.Paint(paint)
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, part.blur_sigma))

    def draw_all() -> None:
        for path in part.shape.paths:
            canvas.drawPath(path, paint)

    _moved(canvas, part, draw_all)


def _draw_blobs(canvas: Any, part: Part, paint: Any) -> None:
    """Colour glyphs, which are pictures: blurred as a layer."""
    if not part.shape.blobs:
        return
    sigma = part.blur_sigma

    def draw_all() -> None:
        if sigma:
            canvas.saveLayer(part.shape.ink, skia.Paint(ImageFilter=skia.ImageFilters.Blur(sigma, sigma)))
        for blob, _ in part.shape.blobs:
            canvas.drawTextBlob(blob, 0, 0, paint)
        if sigma:
            canvas.restore()

    _moved(canvas, part, draw_all)


def _moved(canvas: Any, part: Part, draw_all: Callable[[], None]) -> None:
    if part.matrix is None:
        draw_all()
        return
    canvas.save()
    canvas.concat(part.matrix)
    clip = part.clip()
    if clip is not None:
        canvas.clipRect(clip, True)
    draw_all()
    canvas.restore()


def _stroke(part: Part, look: Look, color: Color, alpha: int) -> Any:
    # The line of a glowing hollow letter would not stand out from its halo.
    shine = max(part.pose.shine, _LINE_SHINE * part.piece.glow) if look.hollow else part.pose.shine
    paint = _paint((*_shining(color, shine), alpha))
    _as_stroke(paint, look)
    return paint


def _as_stroke(paint: Any, look: Look) -> None:
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(2 * look.outline_width)
    paint.setStrokeJoin(skia.Paint.kRound_Join)


def _paint(color: Color) -> Any:
    return skia.Paint(Color=argb(color), AntiAlias=True)


def _shining(color: Color, shine: float) -> tuple[int, int, int]:
    red, green, blue = (round(channel + (255 - channel) * shine) for channel in color[:3])
    return red, green, blue


def argb(color: Color) -> int:
    """Skia's colour number."""
    red, green, blue, alpha = color
    number: int = skia.ColorSetARGB(alpha, red, green, blue)
    return number
