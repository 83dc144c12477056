"""From a text element to pixels: box, padding, plate and the meaning of the element's fields."""

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.text.faces import FontLibrary
from gpu_tasks.engine.text.layout import Block, WordBox, lay_out
from gpu_tasks.engine.text.outlines import Placement
from gpu_tasks.engine.text.paint import Color, Look, Plate, paint
from gpu_tasks.engine.text.paragraph import TextStyle
from gpu_tasks.media.fonts import FontCatalogue, FontFamily, committed_fonts
from gpu_tasks.timeline.request import TextElement
from gpu_tasks.timeline.values import parse_color, parse_dimension

_BOLD_WEIGHT = 700
_DEFAULT_STROKE_EM = 0.04
_PLATE_COLOR: Color = (0, 0, 0, 255)
_KEPT_LAYOUTS = 16


@dataclass(frozen=True, slots=True)
class TextRaster:
    """A painted text.

    `rgba` is H×W×4 uint8, premultiplied sRGB. `origin_x`, `origin_y` place its top-left relative to the box's
    top-left; `width` and `height` are the box that anchors refer to. All in pixels at the scale that was asked for.
    """

    rgba: NDArray[np.uint8]
    origin_x: int
    origin_y: int
    width: float
    height: float
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextLayout:
    """A laid-out element at scale 1: the box, where the block of lines lies in it, and what could not be honoured."""

    block: Block
    x: float
    y: float
    width: float
    height: float
    warnings: tuple[str, ...]

    def boxes(self, start: int, end: int) -> list[WordBox]:
        """Rectangles of `block.text[start:end]` in box pixels, one for each line."""
        return [self._shifted(box) for box in self.block.boxes(start, end)]

    def words(self) -> list[WordBox]:
        """Rectangles of all words in box pixels, in reading order."""
        return [self._shifted(box) for box in self.block.words()]

    def _shifted(self, box: WordBox) -> WordBox:
        return WordBox(box.text, box.start, box.end, box.line, box.x + self.x, box.y + self.y, box.width, box.height)


class TextRenderer:
    """Lays out and paints text elements. Fonts are opened on first use and kept; not thread-safe."""

    def __init__(self, fonts: FontCatalogue | None = None) -> None:
        self._library = FontLibrary(fonts or committed_fonts())
        self._layouts: OrderedDict[str, TextLayout] = OrderedDict()

    def layout(self, element: TextElement, canvas_size: tuple[int, int]) -> TextLayout:
        """Lines and word rectangles of an element. An explicit `width` wraps and is the box; without one the canvas
        wraps and the box is as wide as what was set. Words wider than the box break between letters."""
        key = f"{canvas_size} {sorted(element.model_fields_set)} {element!r}"
        if key not in self._layouts:
            self._layouts[key] = self._lay_out(element, canvas_size)
            if len(self._layouts) > _KEPT_LAYOUTS:
                self._layouts.popitem(last=False)
        return self._layouts[key]

    def render(
        self,
        element: TextElement,
        canvas_size: tuple[int, int],
        *,
        scale: float = 1.0,
        offset: tuple[float, float] = (0.0, 0.0),
        window: tuple[float, float, float, float] | None = None,
        span: tuple[int, int] | None = None,
    ) -> TextRaster:
        """Paint an element `scale` times as large as it is laid out.

        `offset` (each 0 ≤ f < 1) shifts the drawing by a fraction of a pixel. `window` (left, top, right, bottom in
        scaled pixels relative to the box) leaves out what lies outside. `span` paints only those characters of
        `layout().block.text`, at their places. Raises JobFailed("out_of_memory") when the raster would be too large.
        """
        layout = self.layout(element, canvas_size)
        look = _look(element, layout)
        placement = Placement(layout.x, layout.y, scale, offset, window, span)
        rgba, left, top = paint(layout.block, look, placement)
        return TextRaster(rgba, left, top, layout.width * scale, layout.height * scale, layout.warnings)

    def _lay_out(self, element: TextElement, canvas_size: tuple[int, int]) -> TextLayout:
        family, warnings = self._family(element.font_family)
        pad_x, pad_y = _padding(element, canvas_size)
        width = _explicit(element, "width", canvas_size[0])
        height = _explicit(element, "height", canvas_size[1])
        inner = max((canvas_size[0] if width is None else width) - 2 * pad_x, 1.0)
        block = lay_out(element.text, _style(element, family, inner, width is not None), self._library)
        box_height = block.height + 2 * pad_y if height is None else height
        return TextLayout(
            block,
            x=pad_x,
            y=(box_height - block.height) / 2,
            width=block.width + 2 * pad_x if width is None else width,
            height=box_height,
            warnings=(*warnings, *(_missing_warning(character) for character in block.missing)),
        )

    def _family(self, name: str) -> tuple[FontFamily, tuple[str, ...]]:
        family = self._library.catalogue.family(name)
        if family is not None:
            return family, ()
        default = self._library.catalogue.default
        return default, (f"FONT_FALLBACK: the font {name!r} is not available; {default.name} is used",)


def _missing_warning(character: str) -> str:
    return f"FONT_FALLBACK: no font draws U+{ord(character):04X} ({character})"


def _explicit(element: TextElement, side: str, axis_px: int) -> float | None:
    if side not in element.model_fields_set:
        return None
    return max(parse_dimension(getattr(element, side)).resolve(axis_px), 0.0)


def _padding(element: TextElement, canvas_size: tuple[int, int]) -> tuple[float, float]:
    across = parse_dimension(element.x_padding).resolve(canvas_size[0])
    down = parse_dimension(element.y_padding).resolve(canvas_size[1])
    return max(across, 0.0), max(down, 0.0)


def _style(element: TextElement, family: FontFamily, inner_px: float, framed: bool) -> TextStyle:
    bold = element.font_style in ("bold", "bolditalic")
    return TextStyle(
        family=family,
        size=element.font_size,
        weight=max(element.font_weight, _BOLD_WEIGHT) if bold else element.font_weight,
        italic=element.font_style in ("italic", "bolditalic"),
        tracking=element.tracking / 1000,
        leading=element.leading,
        align=element.text_align,
        wrap_width=inner_px if element.text_wrap == "wrap" else None,
        frame_width=inner_px if framed else None,
    )


def _look(element: TextElement, layout: TextLayout) -> Look:
    fill = parse_color(element.text_color)
    return Look(
        fill=fill,
        outline=parse_color(element.stroke_color) if element.stroke_color else fill,
        outline_width=_outline_width(element),
        hollow=element.stroke,
        shadow=element.shadow,
        decoration=element.text_decoration,
        plate=_plate(element, layout) if element.background else None,
    )


def _outline_width(element: TextElement) -> float:
    width = element.stroke_width * (element.font_size if element.stroke_width <= 1 else 1)
    if element.stroke:
        return width or _DEFAULT_STROKE_EM * element.font_size
    return width if element.stroke_color else 0.0


def _plate(element: TextElement, layout: TextLayout) -> Plate:
    red, green, blue, alpha = parse_color(element.background_color) if element.background_color else _PLATE_COLOR
    radius = parse_dimension(element.border_radius).resolve(min(layout.width, layout.height))
    opacity = round(alpha * element.background_opacity / 100)
    return Plate((red, green, blue, opacity), layout.width, layout.height, max(radius, 0.0))
