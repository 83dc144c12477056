"""Timing curves of designed text animations: progress, held within 0…1, onto a way from 0 to 1."""

from typing import Final

_OVERSHOOT: Final = 1.70158
"""Makes `back_out` pass its goal by a tenth."""


def held(progress: float) -> float:
    return min(max(progress, 0.0), 1.0)


def cubic_out(progress: float) -> float:
    return float(1 - (1 - held(progress)) ** 3)


def quint_out(progress: float) -> float:
    return float(1 - (1 - held(progress)) ** 5)


def back_out(progress: float, overshoot: float = _OVERSHOOT) -> float:
    """Passes 1 and comes back: 1 + (s + 1) x³ + s x² with x = progress − 1 (R. Penner's "back" curve)."""
    x = held(progress) - 1
    return 1 + (overshoot + 1) * x**3 + overshoot * x**2
