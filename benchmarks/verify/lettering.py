"""Where letters stand, and how they are drawn, against Skia's own text drawing."""

from collections.abc import Iterator

import numpy as np
import skia
from numpy.typing import NDArray

from benchmarks.verify.finding import Finding, Size, alike, within
from gpu_tasks.engine.text import TextRenderer
from gpu_tasks.media.fonts import committed_fonts, read_font
from gpu_tasks.timeline.request import TextElement

# Letters without kerning or ligatures between them, which drawing by Skia alone does not know.
LINES = ("mhnum", "HIMNUEBL", "dpqbog")
CANVAS = (1280, 720)


def findings(size: Size) -> Iterator[Finding]:
    typeface = _inter()
    for line in LINES:
        for font_px in (24.0, 67.0):
            yield from _line(typeface, line, font_px)


def _inter() -> skia.Typeface:
    family = committed_fonts().family("Inter")
    assert family is not None
    part = family.slice_for(ord("m"))
    assert part is not None
    return skia.Typeface.MakeFromData(skia.Data.MakeWithCopy(read_font(part.best_file(400, italic=False).path)))


def _line(typeface: skia.Typeface, text: str, font_px: float) -> Iterator[Finding]:
    element = TextElement(type="text", duration=1, text=text, font_size=font_px, text_color="#ffffff")
    renderer = TextRenderer()
    layout, raster = renderer.layout(element, CANVAS), renderer.render(element, CANVAS)
    line = layout.block.lines[0]
    font = skia.Font(typeface, font_px)
    font.setSubpixel(True)
    font.setHinting(skia.FontHinting.kNone)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    pens = [glyph.x for run in line.runs for glyph in run.glyphs]
    theirs = font.getXPos(font.textToGlyphs(text), 0.0)
    label = f"{text!r} at {font_px:g} px"
    error = max(abs(a - b) for a, b in zip(pens, theirs, strict=True))
    yield within(f"pens of {label}", "Skia font advances", error, "px", 0.05)
    x, y = layout.x + line.x - raster.origin_x, layout.y + line.baseline - raster.origin_y
    yield alike(f"raster of {label}", "Skia outlines", [raster.rgba], [_drawn(text, font, raster.rgba.shape, x, y)])


def _drawn(text: str, font: skia.Font, shape: tuple[int, ...], x: float, y: float) -> NDArray[np.uint8]:
    pixels = np.zeros(shape, np.uint8)
    surface = skia.Surface.MakeRasterDirect(
        skia.ImageInfo.Make(shape[1], shape[0], skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType),
        pixels,
        pixels.strides[0],
    )
    # Outlines, not Skia's glyph masks: those are drawn at quarters of a pixel, and with another contrast.
    glyphs = font.textToGlyphs(text)
    for glyph, pen in zip(glyphs, font.getXPos(glyphs, x), strict=True):
        path = font.getPath(glyph)
        path.offset(pen, y)
        surface.getCanvas().drawPath(path, skia.Paint(AntiAlias=True, Color=skia.ColorWHITE))
    return pixels
