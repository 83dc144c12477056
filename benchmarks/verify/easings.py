"""Easings against a solver of our own for CSS's cubic Bézier curves, by another method than the engine's bisection."""

from collections.abc import Iterator

import numpy as np

from benchmarks.verify.finding import Finding, Size, within
from gpu_tasks.engine.easing import ease

# CSS Easing Functions Level 1, section 2.2: P1 and P2 of the keywords; P0 is (0, 0), P3 (1, 1).
CURVES = {
    "linear": (0.0, 0.0, 1.0, 1.0),
    "ease_in": (0.42, 0.0, 1.0, 1.0),
    "ease_out": (0.0, 0.0, 0.58, 1.0),
    "ease_in_out": (0.42, 0.0, 0.58, 1.0),
}
SAMPLES = 1001


def findings(size: Size) -> Iterator[Finding]:
    for name in CURVES:
        error = max(abs(ease(name, x) - eased(name, x)) for x in np.linspace(0, 1, SAMPLES).tolist())
        yield within(f"easing {name}", "roots of the cubic", error, "of the way", 1e-6)


def eased(name: str, x: float) -> float:
    """y where the curve's abscissa is x: the real root in [0, 1] of a cubic polynomial, found in closed form."""
    x1, y1, x2, y2 = CURVES[name]
    roots = np.roots([*_coefficients(x1, x2), -x])
    real = roots[np.abs(roots.imag) < 1e-7].real
    inside = real[(real > -1e-9) & (real < 1 + 1e-9)]
    return float(np.polyval([*_coefficients(y1, y2), 0.0], inside[0]))


def _coefficients(first: float, second: float) -> tuple[float, float, float]:
    """Of s³, s² and s in 3·first·s(1 − s)² + 3·second·s²(1 − s) + s³."""
    return 1 + 3 * first - 3 * second, 3 * second - 6 * first, 3 * first
