"""To colours that are not premultiplied, and back. Alpha planes stay the surface's own, opaque surfaces as they are."""

from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface


def straightened(k: Kernels, scratch: Scratch, surface: Surface, name: str = "straight") -> Surface:
    """The surface with premultiplication undone, 0 where nothing covers, in memory `name` of `scratch`."""
    if surface.is_opaque:
        return surface
    out = scratch.surface(name, surface, alpha=False)
    for (plane, _, _), alpha, (target, _, _) in zip(surface.planes(), surface.alphas(), out.planes(), strict=True):
        assert alpha is not None
        k.divide(plane, alpha, target)
    return Surface(out.y, out.u, out.v, out.subsampling, surface.alpha, surface.alpha_c)


def premultiplied(k: Kernels, scratch: Scratch, surface: Surface) -> Surface:
    """The surface with its straight colours multiplied by its alpha, in memory of `scratch`."""
    if surface.is_opaque:
        return surface
    out = scratch.surface("premultiplied", surface, alpha=False)
    for (plane, _, _), alpha, (target, _, _) in zip(surface.planes(), surface.alphas(), out.planes(), strict=True):
        assert alpha is not None
        k.multiply(plane, alpha, target)
    return Surface(out.y, out.u, out.v, out.subsampling, surface.alpha, surface.alpha_c)
