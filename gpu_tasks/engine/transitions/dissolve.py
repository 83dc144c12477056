"""Transitions that blend whole pictures: straight into each other, or by way of a colour."""

from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions.base import Rect, transition


@transition("cross_dissolve")
def cross_dissolve(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Rect) -> None:
    """One picture fades into the other, linearly."""
    for first, second, target in zip(outgoing.every_plane(), incoming.every_plane(), out.every_plane(), strict=True):
        cpu.mix(first, second, progress, target)


@transition("dip_to_black")
def dip_to_black(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Rect) -> None:
    """The outgoing picture falls to black over the first half; the incoming one rises from it over the second."""
    source, darkness = (outgoing, progress * 2) if progress < 0.5 else (incoming, (1 - progress) * 2)
    out.copy_alpha_from(source)
    for (plane, _, black), alpha, (target, _, _) in zip(source.planes(), source.alphas(), out.planes(), strict=True):
        cpu.toward(plane, alpha, black, darkness, target)
