"""Randomness of motions: a pure function of the stage's seed, so that every frame finds the same values."""

from typing import Final

_WORD: Final = (1 << 64) - 1


def share(seed: int, draw: int) -> float:
    """The `draw`-th random number of a seed, 0 ≤ x < 1.

    SplitMix64 at position `draw` (G. Steele, D. Lea, C. Flood, Fast Splittable Pseudorandom Number Generators, 2014).
    """
    word = (seed * 0xD1342543DE82EF95 + (draw + 1) * 0x9E3779B97F4A7C15) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return ((word ^ (word >> 31)) >> 11) / (1 << 53)


def either_way(seed: int, draw: int) -> float:
    """The `draw`-th random number of a seed, −1 ≤ x < 1."""
    return 2 * share(seed, draw) - 1
