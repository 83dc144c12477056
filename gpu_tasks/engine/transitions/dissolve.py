"""Transitions that blend whole pictures: straight into each other, or by way of a colour."""

from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions.base import Crossing, transition


@transition("cross_dissolve", "One picture fades into the other, linearly.")
def cross_dissolve(outgoing: Surface, incoming: Surface, progress: float, out: Surface, at: Crossing) -> None:
    for first, second, target in zip(outgoing.every_plane(), incoming.every_plane(), out.every_plane(), strict=True):
        at.k.mix(first, second, progress, target)


@transition("dip_to_black", "The outgoing picture falls to black; the incoming one rises from it.")
def dip_to_black(outgoing: Surface, incoming: Surface, progress: float, out: Surface, at: Crossing) -> None:
    source, darkness = (outgoing, progress * 2) if progress < 0.5 else (incoming, (1 - progress) * 2)
    out.copy_alpha_from(source)
    for (plane, _, black), alpha, (target, _, _) in zip(source.planes(), source.alphas(), out.planes(), strict=True):
        at.k.toward(plane, alpha, black, darkness, target)
