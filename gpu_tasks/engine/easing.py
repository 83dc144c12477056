"""Eased progress by cubic Bézier curves (CSS Easing Functions Level 1, section 2.2)."""

from functools import lru_cache

from gpu_tasks.timeline.easings import CONTROL_POINTS


@lru_cache(maxsize=4096)
def ease(name: str, progress: float) -> float:
    """Eased progress of `progress`, both 0 to 1; values outside are clamped."""
    if progress <= 0:
        return 0.0
    if progress >= 1:
        return 1.0
    if name == "linear":
        return progress
    x1, y1, x2, y2 = CONTROL_POINTS[name]
    return _bezier(y1, y2, _parameter_at(x1, x2, progress))


def _bezier(p1: float, p2: float, s: float) -> float:
    return ((1 - s) * 3 * p1 * s + 3 * p2 * s * s) * (1 - s) + s**3


def _parameter_at(x1: float, x2: float, x: float) -> float:
    """The curve parameter whose abscissa is `x`; x(s) rises monotonically, so bisection always converges."""
    low, high = 0.0, 1.0
    for _ in range(48):
        middle = (low + high) / 2
        if _bezier(x1, x2, middle) < x:
            low = middle
        else:
            high = middle
    return (low + high) / 2
