"""The sizes of enlarged pictures."""

from fractions import Fraction

Size = tuple[int, int]
"""Width and height in pixels."""


def enlarged_size(width: int, height: int, scale: float, even: bool) -> Size:
    """width·scale × height·scale, halves rounded up; `even` takes the next even numbers, as 4:2:0 video needs."""
    exact = Fraction(str(scale))
    sides = [int(side * exact + Fraction(1, 2)) for side in (width, height)]
    return (sides[0] + sides[0] % 2, sides[1] + sides[1] % 2) if even else (sides[0], sides[1])
