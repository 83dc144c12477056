"""Somebody who talks: a drawn figure in a studio, or before green."""

from collections.abc import Iterator

import numpy as np
import skia

from examples.sources import speech
from examples.sources.clip import FRAME_RATE
from examples.sources.noise import Array

WIDTH, HEIGHT = 640, 360
GREEN = 0xFF14B432
SKIN, SKIN_SHADE, HAIR, HAIR_LIGHT = 0xFFE8B08E, 0xFFB97455, 0xFF2A1B1E, 0xFF5A3A36
JACKET, JACKET_SHADE, SHIRT = 0xFF2F6F8F, 0xFF16384F, 0xFFF4EFE6
LIGHTS = [(90, 80, 46, 0x50FFB35C), (170, 150, 30, 0x40FF8A5C), (560, 70, 54, 0x48FFD08A), (500, 160, 26, 0x38FF9F6B)]
"""Lamps out of focus: x, y and radius in px, ARGB."""
BLINKS_S = (0.9, 2.9, 4.6)


def talking(duration_s: float) -> Iterator[Array]:
    """The sentence of `speech`, said in a studio: frames of H×W×3 uint8."""
    for index in range(round(duration_s * FRAME_RATE)):
        now_s = index / FRAME_RATE
        yield _frame(now_s, *speech.openness(now_s), green=False)


def before_green(duration_s: float) -> Iterator[Array]:
    """The figure smiles and sways before an even green."""
    for index in range(round(duration_s * FRAME_RATE)):
        yield _frame(index / FRAME_RATE, 0.0, "a", green=True)


def _frame(now_s: float, mouth: float, vowel: str, *, green: bool) -> Array:
    surface = skia.Surface(WIDTH, HEIGHT)
    with surface as canvas:
        if green:
            canvas.clear(GREEN)
        else:
            _studio(canvas)
        _person(canvas, now_s, mouth, vowel)
    return np.ascontiguousarray(surface.toarray(colorType=skia.kRGBA_8888_ColorType)[..., :3])


def _studio(canvas: skia.Canvas) -> None:
    canvas.drawPaint(_radial((WIDTH * 0.5, HEIGHT * 0.4), 430, [0xFF3B4A68, 0xFF1B2238, 0xFF0B0E1A]))
    for x, y, radius, colour in LIGHTS:
        lamp = skia.Paint(Color=colour, AntiAlias=True)
        lamp.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, radius * 0.3))
        canvas.drawCircle(x, y, radius, lamp)


def _person(canvas: skia.Canvas, now_s: float, mouth: float, vowel: str) -> None:
    sway = 5 * np.sin(2 * np.pi * now_s / 3)
    canvas.save()
    canvas.translate(WIDTH / 2 + sway * 0.4, 1.5 * np.sin(2 * np.pi * now_s / 1.5))
    _body(canvas)
    canvas.translate(sway * 0.5, -3 * mouth)
    canvas.rotate(sway * 0.5, 0, 260)
    _head(canvas)
    _eyes(canvas, _lids(now_s), sway * 0.15)
    _mouth(canvas, mouth, vowel)
    canvas.restore()


def _body(canvas: skia.Canvas) -> None:
    shoulders = skia.Path()
    shoulders.moveTo(-190, 380)
    shoulders.cubicTo(-180, 290, -120, 268, -44, 252)
    shoulders.lineTo(44, 252)
    shoulders.cubicTo(120, 268, 180, 290, 190, 380)
    canvas.drawPath(shoulders, _vertical(250, 370, [JACKET, JACKET_SHADE]))
    canvas.drawPath(_polygon((-40, 250), (0, 372), (40, 250)), _flat(SHIRT))
    canvas.drawPath(_polygon((-46, 246), (-70, 268), (-14, 372), (0, 350)), _flat(0xFF245873))
    canvas.drawPath(_polygon((46, 246), (70, 268), (14, 372), (0, 350)), _flat(0xFF1D4A63))
    neck = skia.Path()
    neck.moveTo(-30, 205)
    neck.lineTo(30, 205)
    neck.cubicTo(30, 240, 38, 250, 42, 254)
    neck.cubicTo(20, 284, -20, 284, -42, 254)
    neck.cubicTo(-38, 250, -30, 240, -30, 205)
    canvas.drawPath(neck, _vertical(200, 280, [SKIN_SHADE, SKIN]))


def _head(canvas: skia.Canvas) -> None:
    canvas.drawPath(_hair_behind(), _vertical(50, 240, [HAIR_LIGHT, HAIR]))
    for side in (-1, 1):
        canvas.drawOval(skia.Rect.MakeXYWH(side * 68 - 11, 142, 22, 36), _flat(SKIN_SHADE))
    face = skia.Path()
    face.moveTo(-66, 130)
    face.cubicTo(-70, 40, 70, 40, 66, 130)
    face.cubicTo(66, 190, 40, 232, 0, 234)
    face.cubicTo(-40, 232, -66, 190, -66, 130)
    canvas.drawPath(face, _radial((-16, 130), 120, [0xFFF7CBAA, SKIN, 0xFFCF8F6E]))
    for side in (-1, 1):
        cheek = skia.Paint(Color=0x38E0574A, AntiAlias=True)
        cheek.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, 8))
        canvas.drawCircle(side * 38, 180, 14, cheek)
    nose = skia.Path()
    nose.moveTo(2, 148)
    nose.cubicTo(9, 164, 13, 174, 9, 178)
    nose.cubicTo(4, 182, -5, 182, -9, 178)
    canvas.drawPath(nose, _line(0x90A25F42, 3))
    canvas.drawPath(_fringe(), _vertical(36, 130, [HAIR_LIGHT, HAIR]))


def _hair_behind() -> skia.Path:
    hair = skia.Path()
    hair.moveTo(-74, 222)
    hair.cubicTo(-104, 150, -100, 36, 0, 34)
    hair.cubicTo(100, 36, 104, 150, 74, 222)
    hair.cubicTo(60, 236, -60, 236, -74, 222)
    return hair


def _fringe() -> skia.Path:
    hair = skia.Path()
    hair.moveTo(-74, 140)
    hair.cubicTo(-84, 60, -50, 34, 6, 36)
    hair.cubicTo(60, 36, 86, 70, 74, 140)
    hair.cubicTo(66, 100, 44, 84, 20, 78)
    hair.cubicTo(-10, 100, -52, 98, -74, 140)
    return hair


def _eyes(canvas: skia.Canvas, open_share: float, look_px: float) -> None:
    for side in (-1, 1):
        x = side * 27
        eye = skia.Rect.MakeXYWH(x - 13, 142 - 8 * open_share, 26, 16 * open_share)
        canvas.save()
        canvas.clipRRect(skia.RRect.MakeOval(eye), skia.ClipOp.kIntersect, True)
        canvas.drawPaint(_flat(0xFFFBF8F4))
        canvas.drawCircle(x + look_px, 142, 7.5, _flat(0xFF3E6B57))
        canvas.drawCircle(x + look_px, 142, 3.8, _flat(0xFF14110F))
        canvas.drawCircle(x + look_px - 2.6, 139.5, 1.7, _flat(0xFFFFFFFF))
        canvas.restore()
        lid = skia.Path()
        lid.moveTo(x - 15, 143)
        lid.quadTo(x, 143 - 18 * open_share, x + 15, 143)
        canvas.drawPath(lid, _line(0xFF3A2420, 3))
        brow = skia.Path()
        brow.moveTo(x - 16 * side, 121)
        brow.quadTo(x + 3 * side, 113, x + 18 * side, 124)
        canvas.drawPath(brow, _line(HAIR, 5))


def _lids(now_s: float) -> float:
    """How far the eyes are open."""
    away_s = min(abs(now_s - blink_s) for blink_s in BLINKS_S)
    return float(np.clip(away_s / 0.09, 0.12, 1))


def _mouth(canvas: skia.Canvas, mouth: float, vowel: str) -> None:
    half = {"a": 19, "e": 22, "i": 24, "o": 14, "u": 12}[vowel] if mouth > 0 else 21
    drop = {"a": 20, "e": 13, "i": 8, "o": 20, "u": 12}[vowel] * mouth
    lips = skia.Path()
    lips.moveTo(-half, 199)
    lips.cubicTo(-half * 0.4, 203, half * 0.4, 203, half, 199)
    lips.cubicTo(half * 0.8, 207 + drop * 1.3, -half * 0.8, 207 + drop * 1.3, -half, 199)
    canvas.drawPath(lips, _flat(0xFF6B2028))
    if drop > 3:
        canvas.save()
        canvas.clipPath(lips, skia.ClipOp.kIntersect, True)
        canvas.drawRect(skia.Rect.MakeXYWH(-half, 196, 2 * half, 4 + drop * 0.28), _flat(0xFFFDF8F2))
        canvas.drawOval(skia.Rect.MakeXYWH(-10, 206 + drop * 0.55, 20, 12), _flat(0xFFC65A5F))
        canvas.restore()
    canvas.drawPath(lips, _line(0xFFB4524E, 3.5))


def _flat(colour: int) -> skia.Paint:
    return skia.Paint(Color=colour, AntiAlias=True)


def _line(colour: int, width_px: float) -> skia.Paint:
    return skia.Paint(
        Color=colour,
        AntiAlias=True,
        Style=skia.Paint.kStroke_Style,
        StrokeWidth=width_px,
        StrokeCap=skia.Paint.kRound_Cap,
        StrokeJoin=skia.Paint.kRound_Join,
    )


def _vertical(top: float, bottom: float, colours: list[int]) -> skia.Paint:
    shader = skia.GradientShader.MakeLinear([skia.Point(0, top), skia.Point(0, bottom)], colours)
    return skia.Paint(Shader=shader, AntiAlias=True)


def _radial(centre: tuple[float, float], radius: float, colours: list[int]) -> skia.Paint:
    return skia.Paint(Shader=skia.GradientShader.MakeRadial(skia.Point(*centre), radius, colours), AntiAlias=True)


def _polygon(*points: tuple[float, float]) -> skia.Path:
    path = skia.Path()
    path.addPoly([skia.Point(*point) for point in points], True)
    return path
