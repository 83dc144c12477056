"""Walking through the planes of pictures of one kind, and making every plane of a picture alike."""

from collections.abc import Callable, Hashable, Iterator

from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.kernels import Kernels, Size
from gpu_tasks.engine.surface import Plane, Surface


def together(*pictures: Surface) -> Iterator[tuple[int, tuple[Plane, ...]]]:
    """(subsampling, the planes that belong together) for luma, chroma and alpha of pictures of one kind."""
    step = pictures[0].subsampling
    everything = zip(*(picture.every_plane() for picture in pictures), strict=True)
    for index, planes in enumerate(everything):
        yield (step if index in (1, 2, 4) else 1), planes


def each(picture: Surface, out: Surface, change: Callable[[Plane, int, Plane], object]) -> Surface:
    """`change(plane, subsampling, out_plane)` for every plane, alpha included."""
    for step, (plane, target) in together(picture, out):
        change(plane, step, target)
    return out


def mixed(k: Kernels, first: Surface, second: Surface, amount: float, out: Surface) -> Surface:
    """first · (1 − amount) + second · amount. `out` may be `first` or `second`."""
    for _, (one, other, target) in together(first, second, out):
        k.mix(one, other, amount, target)
    return out


def luma_and_chroma(
    moment: Moment, picture: Surface, key: Hashable, make: Callable[[Size, int], Plane]
) -> tuple[Plane, ...]:
    """`make(size, subsampling)` at luma and at chroma size, kept: for masks that depend on the size alone."""

    def both() -> tuple[Plane, ...]:
        luma = moment.k.upload(make((picture.width, picture.height), 1))
        if picture.subsampling == 1:
            return luma, luma
        rows, columns = picture.u.shape
        return luma, moment.k.upload(make((columns, rows), picture.subsampling))

    return moment.scratch.kept((key, picture.y.shape, picture.subsampling, moment.unit_px), both)
