"""Paces and blends that several transitions share."""

from typing import Final

from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions.box import Box, copy

Colour = tuple[int, int, int]
"""Y, U and V code values."""
BLACK: Final[Colour] = (16, 128, 128)
WHITE: Final[Colour] = (235, 128, 128)


def smooth(share: float) -> float:
    """0 below 0, 1 above 1, and an S between (smoothstep)."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


def dissolve(box: Box, first: Surface, second: Surface, amount: float, out: Surface) -> Surface:
    """The plain mix of both, in `out`; at an end of it, only the picture that is left is read."""
    if amount <= 0 or amount >= 1:
        copy(box.k, second if amount > 0 else first, out)
        return out
    for a, b, target in zip(first.every_plane(), second.every_plane(), out.every_plane(), strict=True):
        box.k.mix(a, b, amount, target)
    return out


def toward(box: Box, surface: Surface, colour: Colour, amount: float, out: Surface) -> Surface:
    """`surface` tinted evenly with a colour (code values): new colour planes in `out`, and its own alpha."""
    planes = zip(surface.planes(), surface.alphas(), out.planes(), colour, strict=True)
    for (plane, _, _), alpha, (target, _, _), value in planes:
        box.k.toward(plane, alpha, value, amount, target)
    return with_alpha_of(surface, out)


def with_alpha_of(surface: Surface, colours: Surface) -> Surface:
    """The colour planes of one surface and the alpha planes of another."""
    return Surface(colours.y, colours.u, colours.v, colours.subsampling, surface.alpha, surface.alpha_c)
