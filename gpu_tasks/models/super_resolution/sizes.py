"""The sizes of enlarged pictures, and which whole scale a network needs for them."""

from collections.abc import Collection
from fractions import Fraction

MIN_SCALE, MAX_SCALE = 1.0, 4.0
Size = tuple[int, int]
"""Width and height in pixels."""


def enlarged_size(width: int, height: int, scale: float, even: bool) -> Size:
    """width·scale × height·scale, halves rounded up; `even` takes the next even numbers, as 4:2:0 video needs."""
    exact = Fraction(str(scale))
    sides = [int(side * exact + Fraction(1, 2)) for side in (width, height)]
    return (sides[0] + sides[0] % 2, sides[1] + sides[1] % 2) if even else (sides[0], sides[1])


def network_scale(scale: float, offered: Collection[int]) -> int:
    """The smallest scale on offer that is at least `scale`, else the largest there is."""
    enough = [one for one in offered if one >= scale]
    return min(enough) if enough else max(offered)
