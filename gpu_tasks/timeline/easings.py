"""The four easings, as CSS defines them (CSS Easing Functions Level 1, section 2.2: cubic Bézier timing functions)."""

from typing import Final

CONTROL_POINTS: Final[dict[str, tuple[float, float, float, float]]] = {
    "linear": (0.0, 0.0, 1.0, 1.0),
    "ease_in": (0.42, 0.0, 1.0, 1.0),
    "ease_out": (0.0, 0.0, 0.58, 1.0),
    "ease_in_out": (0.42, 0.0, 0.58, 1.0),
}
"""x1, y1, x2, y2 of the curve from (0, 0) to (1, 1)."""
LOOKS: Final[dict[str, str]] = {
    "linear": "The same speed all the way.",
    "ease_in": "Starts slowly and ends at speed: for what leaves.",
    "ease_out": "Starts at speed and comes to rest slowly: for what comes.",
    "ease_in_out": "Starts and ends slowly: for what goes from one place to another.",
}
