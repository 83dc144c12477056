"""Timing curves that motions share. Amounts and phases run from 0 to 1."""

import math
from typing import Final

RESTITUTION: Final = 0.55
"""Speed that a bounce keeps; a hop is as high as its square."""
HOPS: Final = 4
SETTLING: Final = 0.6
"""Amount from which a spring's residue is blended out."""


def smooth(amount: float, start: float = 0.0, stop: float = 1.0) -> float:
    """0 up to `start`, 1 from `stop` on, the cubic 3u² − 2u³ in between: level at both ends."""
    u = min(max((amount - start) / (stop - start), 0.0), 1.0)
    return u * u * (3 - 2 * u)


def swell(amount: float, start: float = 0.0, stop: float = 1.0) -> float:
    """A single soft wave from 0 over 1 back to 0, sin² πu: level at its ends and its top."""
    u = (amount - start) / (stop - start)
    return math.sin(math.pi * u) ** 2 if 0 < u < 1 else 0.0


def arch(amount: float, start: float = 0.0, stop: float = 1.0) -> float:
    """The parabola of a throw that leaves 0 at `start`, is 1 in the middle and lands at `stop`."""
    u = (amount - start) / (stop - start)
    return 4 * u * (1 - u) if 0 < u < 1 else 0.0


def spring(amount: float, damping: float, half_swings: float) -> float:
    """The way of a released spring from 0 to 1, exactly 1 at amount 1.

    The step response of an underdamped oscillator (K. Ogata, Modern Control Engineering, second-order systems):
    1 − e^(−ζωt) (cos ω_d t + ζω/ω_d · sin ω_d t) with damping ratio ζ, ω_d = ω √(1 − ζ²). It makes `half_swings`
    half periods, so it first peaks at 1/half_swings, e^(−πζ/√(1−ζ²)) above 1: 25 % at ζ 0.4, 9.5 % at 0.6.
    """
    if amount <= 0:
        return 0.0
    ratio = damping / math.sqrt(1 - damping * damping)
    angle = math.pi * half_swings * amount
    residue = math.exp(-ratio * angle) * (math.cos(angle) + ratio * math.sin(angle))
    return 1 - residue * (1 - smooth(amount, SETTLING, 1.0))


def drop(amount: float) -> float:
    """Height of a ball dropped from 1: a parabola to the ground, then hops that lose speed by RESTITUTION; 0 at 1.

    With constant gravity the n-th hop lasts 2·RESTITUTIONⁿ falls and rises to RESTITUTION²ⁿ.
    """
    falls = amount * (1 + 2 * sum(RESTITUTION**hop for hop in range(1, HOPS + 1)))
    if falls < 1:
        return 1 - falls * falls
    start = 1.0
    for hop in range(1, HOPS + 1):
        stop = start + 2 * RESTITUTION**hop
        if falls < stop:
            return RESTITUTION ** (2 * hop) * arch(falls, start, stop)
        start = stop
    return 0.0
