"""Frames enlarged to an exact size: by a network to its own whole scale, then by Lanczos."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gpu_tasks.models.step import Alpha, Frame, Rgb
from gpu_tasks.models.super_resolution.colour import spread_colours
from gpu_tasks.models.super_resolution.sizes import Size, enlarged_size

Enlarge = Callable[[Tensor], Tensor]
"""N × 3 × height × width R'G'B', 0–1, to the same pictures a whole number of times larger."""


class PassThrough:
    """The step for scale 1: every frame as it came."""

    def size(self, width: int, height: int) -> Size:
        """That of the source."""
        return width, height

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The frames, said to be unchanged."""
        for frame in frames:
            yield Frame(frame.rgb, frame.alpha, frame.time_s, changed=())


class Enlarger:
    """Enlarges frames in batches. `choose` gives the network once the first frame is there.

    `even` asks for even sizes, as video needs them.
    """

    def __init__(self, scale: float, choose: Callable[[Rgb], Enlarge], even: bool, batch: int = 1) -> None:
        self._scale, self._choose, self._even, self._batch = scale, choose, even, batch

    def size(self, width: int, height: int) -> Size:
        """The rounded product of size and scale."""
        return enlarged_size(width, height, self._scale, self._even)

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """The enlarged frames; a frame equal to the one before costs nothing."""
        source, enlarge, last = iter(frames), None, None
        while batch := list(islice(source, self._batch)):
            enlarge = enlarge or self._choose(batch[0].rgb)
            for frame, rgb in zip(batch, self._pictures(batch, enlarge, last), strict=True):
                alpha = None if frame.alpha is None else resize(frame.alpha, self.size(*_size_of(frame.rgb)))
                last = (frame, rgb)
                yield Frame(rgb, alpha, frame.time_s)

    def _pictures(self, batch: list[Frame], enlarge: Enlarge, last: tuple[Frame, Rgb] | None) -> list[Rgb]:
        """The enlarged pictures of a batch; those that repeat the picture before are enlarged once."""
        before = [last[0] if last else None, *batch[:-1]]
        repeats = [_same(frame, earlier) for frame, earlier in zip(batch, before, strict=True)]
        fresh = [frame for frame, repeat in zip(batch, repeats, strict=True) if not repeat]
        enlarged, pictures = iter(self._enlarged(fresh, enlarge)), [last[1]] if last else []
        for repeat in repeats:
            pictures.append(pictures[-1] if repeat else next(enlarged))
        return pictures[-len(batch) :]

    def _enlarged(self, frames: list[Frame], enlarge: Enlarge) -> list[Rgb]:
        if not frames:
            return []
        opaque = [frame.rgb if frame.alpha is None else spread_colours(frame.rgb, frame.alpha) for frame in frames]
        large = from_tensor(enlarge(to_tensor(opaque)))
        return [resize(picture, self.size(*_size_of(frames[0].rgb))) for picture in large]


def to_tensor(pictures: list[Rgb]) -> Tensor:
    """Pictures of one size as N × 3 × height × width, 0–1."""
    stacked = torch.from_numpy(np.stack(pictures))
    return stacked.permute(0, 3, 1, 2).float() / 255


@torch.inference_mode()
def from_tensor(pictures: Tensor) -> list[Rgb]:
    """The reverse, clipped and rounded. Writes into `pictures`: a large film's floats should not lie there twice."""
    rounded = pictures.mul_(255).add_(0.5).clamp_(0, 255).to(torch.uint8)
    return list(np.ascontiguousarray(rounded.permute(0, 2, 3, 1).cpu().numpy()))


def resize(picture: Rgb | Alpha, size: Size) -> Rgb:
    """A picture or a plane at this width and height by Lanczos, itself where it has that size."""
    if _size_of(picture) == size:
        return picture
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS))


def _size_of(picture: Rgb | Alpha) -> Size:
    return picture.shape[1], picture.shape[0]


def _same(frame: Frame, earlier: Frame | None) -> bool:
    """Whether two frames show the same picture; the memory of both is compared only where it is not the same."""
    if earlier is None or earlier.rgb.shape != frame.rgb.shape:
        return False
    if (earlier.alpha is None) != (frame.alpha is None):
        return False
    equal = earlier.rgb is frame.rgb or np.array_equal(earlier.rgb, frame.rgb)
    return equal and (frame.alpha is None or np.array_equal(earlier.alpha, frame.alpha))  # type: ignore[arg-type]
