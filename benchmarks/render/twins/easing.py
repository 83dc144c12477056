"""CSS easing curves for the tools that take keyframes (CSS Easing Functions Level 1, section 2.2)."""

CURVES = {"ease_out": (0.0, 0.58), "ease_in_out": (0.42, 0.58)}
"""Abscissae of the two control points; their ordinates are 0 and 1."""


def ease(name: str, progress: float) -> float:
    """Eased progress, 0 to 1, of `progress`, which is clamped to that range."""
    x1, x2 = CURVES[name]
    progress = min(max(progress, 0.0), 1.0)
    low, high = 0.0, 1.0
    for _ in range(40):
        s = (low + high) / 2
        if 3 * x1 * s * (1 - s) ** 2 + 3 * x2 * s * s * (1 - s) + s**3 < progress:
            low = s
        else:
            high = s
    return 3 * high * high - 2 * high**3
