"""What is drawn around and under an element's picture: its border and its shadow, in canvas pixels."""

from dataclasses import dataclass

from gpu_tasks.timeline.request import VisualElement
from gpu_tasks.timeline.values import Rgba, parse_color, parse_dimension

DEFAULT_BORDER: Rgba = (0, 0, 0, 255)
DEFAULT_SHADOW: Rgba = (0, 0, 0, 128)


@dataclass(frozen=True, slots=True)
class Border:
    """A band of `width_px` along the inside of the outline."""

    width_px: float
    color: Rgba


@dataclass(frozen=True, slots=True)
class Shadow:
    """The element's silhouette in one colour, moved by x, y and blurred with a Gaussian of `sigma_px`."""

    x_px: float
    y_px: float
    sigma_px: float
    color: Rgba

    @property
    def reach_px(self) -> float:
        """How far it may be seen beyond the outline: three sigmas hold all of a Gaussian that eight bits can show."""
        return 3 * self.sigma_px + max(abs(self.x_px), abs(self.y_px))


def border_of(element: VisualElement, canvas: tuple[int, int]) -> Border | None:
    """The border that the element's fields ask for; shares are of the canvas's shorter side."""
    width_px = parse_dimension(element.border_width).resolve(min(canvas))
    if width_px <= 0:
        return None
    return Border(width_px, parse_color(element.border_color) if element.border_color else DEFAULT_BORDER)


def shadow_of(element: VisualElement, canvas: tuple[int, int]) -> Shadow | None:
    """The shadow that the element's fields ask for. `shadow_blur` is twice the Gaussian's sigma, as in CSS."""
    x_px = parse_dimension(element.shadow_x).resolve(canvas[0])
    y_px = parse_dimension(element.shadow_y).resolve(canvas[1])
    blur_px = max(parse_dimension(element.shadow_blur).resolve(min(canvas)), 0.0)
    if element.shadow_color is None and not (x_px or y_px or blur_px):
        return None
    color = parse_color(element.shadow_color) if element.shadow_color else DEFAULT_SHADOW
    return Shadow(x_px, y_px, blur_px / 2, color) if color[3] else None
