"""Colours, strokes and the plate of a text element, in box pixels."""

from dataclasses import dataclass

from gpu_tasks.engine.text.pieces import Color
from gpu_tasks.timeline.request import TextElement
from gpu_tasks.timeline.values import parse_color, parse_dimension

_DEFAULT_STROKE_EM = 0.04
_PLATE_COLOR: Color = (0, 0, 0, 255)
_MARKING_STYLES = frozenset({"box", "color", "glow"})
_SHADE = 0.22


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

    @property
    def ink(self) -> Color:
        """The colour that the letters are seen in."""
        return self.outline if self.hollow else self.fill


def look_of(element: TextElement, box: tuple[float, float]) -> Look:
    """The look of an element whose box is `box` pixels wide and high."""
    fill = parse_color(element.text_color)
    return Look(
        fill=fill,
        outline=parse_color(element.stroke_color) if element.stroke_color else fill,
        outline_width=_outline_width(element),
        hollow=element.stroke,
        shadow=element.shadow,
        decoration=element.text_decoration,
        plate=_plate(element, box, fill) if element.background else None,
    )


def _outline_width(element: TextElement) -> float:
    width = element.stroke_width * (element.font_size if element.stroke_width <= 1 else 1)
    if element.stroke:
        return width or _DEFAULT_STROKE_EM * element.font_size
    return width if element.stroke_color else 0.0


def _plate(element: TextElement, box: tuple[float, float], fill: Color) -> Plate:
    red, green, blue, alpha = parse_color(element.background_color) if element.background_color else _PLATE_COLOR
    if element.word_animation and element.word_animation.style in _MARKING_STYLES:
        red, green, blue = _shaded((red, green, blue), fill)
    radius = parse_dimension(element.border_radius).resolve(min(box))
    opacity = round(alpha * element.background_opacity / 100)
    return Plate((red, green, blue, opacity), *box, max(radius, 0.0))


def _shaded(color: tuple[int, int, int], fill: Color) -> tuple[int, int, int]:
    """A shade that keeps a mark of the same colour visible on it: deep under light letters, pale under dark ones."""
    # Luma of ITU-R BT.709.
    is_light = 0.2126 * fill[0] + 0.7152 * fill[1] + 0.0722 * fill[2] > 127
    ground = 0 if is_light else 255
    red, green, blue = (round(ground + (channel - ground) * _SHADE) for channel in color)
    return red, green, blue
