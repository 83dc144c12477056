"""From a text element to pixels: box, padding, plate and the meaning of the element's fields."""

import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.text.box import TextLayout
from gpu_tasks.engine.text.faces import FontLibrary
from gpu_tasks.engine.text.layout import Block, WordBox, lay_out
from gpu_tasks.engine.text.look import look_of
from gpu_tasks.engine.text.paint import Target, paint
from gpu_tasks.engine.text.paragraph import TextStyle
from gpu_tasks.engine.text.parts import parts_of
from gpu_tasks.engine.text.pieces import HIDDEN, Piece
from gpu_tasks.engine.text.shapes import Shapes
from gpu_tasks.engine.text.track import Page, Range, joined, pages
from gpu_tasks.media.fonts import FontCatalogue, FontFamily, committed_fonts
from gpu_tasks.timeline.request import TextElement
from gpu_tasks.timeline.values import parse_dimension

_BOLD_WEIGHT = 700
_KEPT_LAYOUTS = 64

__all__ = ["TextLayout", "TextRaster", "TextRenderer", "WordBox"]


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


@dataclass(frozen=True, eq=False)
class _Set:
    """An element, kept so that its identity stays its own, its layout and the shapes of its letters."""

    element: TextElement
    layout: TextLayout
    shapes: Shapes


class TextRenderer:
    """Lays out and paints text elements. Fonts are opened on first use and kept; not thread-safe."""

    def __init__(self, fonts: FontCatalogue | None = None) -> None:
        self._library = FontLibrary(fonts or committed_fonts())
        self._sets: OrderedDict[tuple[int, tuple[int, int]], _Set] = OrderedDict()

    def layout(self, element: TextElement, canvas_size: tuple[int, int]) -> TextLayout:
        """Lines and word rectangles of an element, which must not change afterwards.

        An explicit `width` wraps and is the box; without one the canvas wraps and the box is as wide as what was set.
        Words wider than the box break between letters. A caption track shows its words instead of `text`, in pages of
        as many lines as its `height` has room for, or the canvas.
        """
        return self._set(element, canvas_size).layout

    def render(
        self,
        element: TextElement,
        canvas_size: tuple[int, int],
        *,
        scale: float = 1.0,
        offset: tuple[float, float] = (0.0, 0.0),
        window: tuple[float, float, float, float] | None = None,
        span: tuple[int, int] | None = None,
        pieces: tuple[Piece, ...] | None = None,
    ) -> TextRaster:
        """Paint an element `scale` times as large as it is laid out.

        `offset` (each 0 ≤ f < 1) shifts the drawing by a fraction of a pixel. `window` (left, top, right, bottom in
        scaled pixels relative to the box) leaves out what lies outside. `span` paints only those characters of
        `layout().block.text`, at their places. `pieces` (ascending, of the same text) are drawn in their own way and
        all other characters plainly; without a window, those that fly further than a canvas's diagonal from the box
        are left out. Raises JobFailed("out_of_memory") when the raster would be too large.
        """
        found = self._set(element, canvas_size)
        layout = found.layout
        if span is not None:
            pieces = tuple(_outside(span, len(layout.block.text)))
        parts = parts_of(pieces or (), found.shapes, layout.block.size)
        look = look_of(element, (layout.width, layout.height))
        if window is None and pieces is not None:
            window = _surroundings(layout, scale, math.hypot(*canvas_size))
        target = Target(scale, offset, window)
        rgba, left, top = paint(parts, look, layout.block.size, target, moving=pieces is not None)
        return TextRaster(rgba, left, top, layout.width * scale, layout.height * scale, layout.warnings)

    def _set(self, element: TextElement, canvas_size: tuple[int, int]) -> _Set:
        key = (id(element), canvas_size)
        if key not in self._sets:
            layout = self._lay_out(element, canvas_size)
            shapes = Shapes(layout.block, layout.x, layout.y, element.text_decoration)
            self._sets[key] = _Set(element, layout, shapes)
            if len(self._sets) > _KEPT_LAYOUTS:
                self._sets.popitem(last=False)
        self._sets.move_to_end(key)
        return self._sets[key]

    def _lay_out(self, element: TextElement, canvas_size: tuple[int, int]) -> TextLayout:
        family, warnings = self._family(element.font_family)
        pad_x, pad_y = _padding(element, canvas_size)
        width = _explicit(element, "width", canvas_size[0])
        height = _explicit(element, "height", canvas_size[1])
        inner = max((canvas_size[0] if width is None else width) - 2 * pad_x, 1.0)
        text, track = joined(element.word_animation.words) if element.word_animation else (element.text, ())
        block = lay_out(text, _style(element, family, inner, width is not None), self._library)
        turned = _turned(block, track, (canvas_size[1] if height is None else height) - 2 * pad_y)
        shown_px = block.height if not turned else turned[0].lines * block.height / len(block.lines)
        box_height = shown_px + 2 * pad_y if height is None else height
        return TextLayout(
            block,
            x=pad_x,
            y=(box_height - shown_px) / 2,
            width=block.width + 2 * pad_x if width is None else width,
            height=box_height,
            warnings=(*warnings, *(_missing_warning(character) for character in block.missing)),
            track=track,
            pages=turned,
        )

    def _family(self, name: str) -> tuple[FontFamily, tuple[str, ...]]:
        family = self._library.catalogue.family(name)
        if family is not None:
            return family, ()
        default = self._library.catalogue.default
        return default, (f"FONT_FALLBACK: the font {name!r} is not available; {default.name} is used",)


def _surroundings(layout: TextLayout, scale: float, margin_px: float) -> tuple[float, float, float, float]:
    """The box in scaled pixels with a margin on all sides."""
    return (-margin_px, -margin_px, layout.width * scale + margin_px, layout.height * scale + margin_px)


def _turned(block: Block, track: tuple[Range, ...], room_px: float) -> tuple[Page, ...]:
    return pages(block, room_px) if track else ()


def _outside(span: tuple[int, int], length: int) -> Iterator[Piece]:
    for start, end in ((0, span[0]), (span[1], length)):
        if start < end:
            yield Piece(start, end, HIDDEN)


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
