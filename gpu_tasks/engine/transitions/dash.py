"""A dash into depth: zooming so fast that the picture smears."""

from typing import Final

from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import dissolve, smooth
from gpu_tasks.engine.transitions.box import Box, in_box
from gpu_tasks.timeline.transforms import scaling

_DOUBLINGS: Final = 5
_DEEPEST: Final = 0.9
_LONGEST_SMEAR: Final = 0.4


@transition("cross_zoom", "The view dashes into the outgoing picture and comes to rest in the incoming one.")
@in_box
def cross_zoom(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    speed = smooth(2 * min(progress, 1 - progress))
    zoom, smear = 1 + _DEEPEST * speed**2, 1 + _LONGEST_SMEAR * speed
    mixed = dissolve(box, outgoing, incoming, smooth((progress - 0.3) / 0.4), box.surface("mixed"))
    # The smear is made at half size: it hides the difference as soon as it is a few pixels long.
    visible = min(1.0, (smear - 1) * min(box.centre) / (12 * box.unit_px))
    sharp = mixed if visible >= 1 else _zoomed(box, mixed, zoom, box.surface("sharp"))
    _smear(box, mixed, zoom, smear, visible, sharp, out)


def _zoomed(box: Box, source: Surface, zoom: float, out: Surface) -> Surface:
    matrix = scaling(zoom, zoom, about=box.centre)
    for index, (plane, target) in enumerate(zip(source.every_plane(), out.every_plane(), strict=True)):
        inner = box.k.plane_matrix(matrix, box.subsampling if index in (1, 2, 4) else 1)
        box.k.warp(plane, inner, (target.shape[1], target.shape[0]), hold_edges=True, out=target)
    return out


def _smear(box: Box, source: Surface, zoom: float, smear: float, visible: float, sharp: Surface, out: Surface) -> None:
    """`out` = `sharp`, and over it as far as it is visible the mean of `source` at zooms from `zoom` to zoom · `smear`.

    Averaging a picture with a zoomed copy of itself doubles the number of copies in it each time.
    """
    step = smear ** (1 / 2**_DOUBLINGS)
    spare = box.surface("smeared")
    planes = zip(source.every_plane(), sharp.every_plane(), spare.every_plane(), out.every_plane(), strict=True)
    for plane, crisp, smeared, target in planes:
        rows, columns = (max(1, -(-length // 2)) for length in plane.shape)
        size, middle = (columns, rows), (columns / 2, rows / 2)
        small, moved, mean = (box.masks(f"half {n}")[0][:rows, :columns] for n in range(3))
        box.k.shrink(plane, size, moved)
        box.k.warp(moved, scaling(zoom, zoom, about=middle), size, hold_edges=True, out=small)
        for doubling in range(_DOUBLINGS):
            factor = step ** (2**doubling)
            box.k.warp(small, scaling(factor, factor, about=middle), size, hold_edges=True, out=moved)
            box.k.mix(small, moved, 0.5, mean)
            small, mean = mean, small
        blurred = box.k.enlarge(small, (plane.shape[1], plane.shape[0]), smooth=True, out=smeared)
        box.k.mix(crisp, blurred, visible, target)
