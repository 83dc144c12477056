"""What a task does to pictures: frames in, the same number of frames out, in order."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.timeline.sources import SourceInfo

Rgb = NDArray[np.uint8]
"""Height × width × 3: R'G'B', full range, sRGB primaries."""
Alpha = NDArray[np.uint8]
"""Height × width: straight coverage, 0 transparent to 255 opaque."""
Rect = tuple[int, int, int, int]
"""Left, top, width and height in pixels."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright picture of the source, or what became of it. Nobody writes into the arrays of a frame that he got.

    `changed` tells whoever stores the frame which parts differ from the source's: None everything may, () nothing
    does, else only these rectangles; outside of them the source's own samples are kept bit for bit.
    """

    rgb: Rgb
    alpha: Alpha | None
    time_s: Fraction
    changed: tuple[Rect, ...] | None = None


class Step(Protocol):
    """A task with its options, made for one source. `process` may hold a bounded number of frames back.

    Each of its package's modules `task` makes one: `build(options: Mapping[str, Any], source: SourceInfo) -> Step`.
    """

    def size(self, width: int, height: int) -> tuple[int, int]:
        """The size of its frames for upright source frames of this size.

        A film whose size a step changes grows by a repeated column or row where that is odd.
        """
        ...

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """One frame for each, in order, with the same `time_s`. Frees what it holds when closed early."""
        ...


@runtime_checkable
class ChoosesForm(Protocol):
    """A step that says what kind of file its frames belong in."""

    def form(self, source: SourceInfo) -> str:
        """The file's suffix: `.png`, `.jpg`, `.mp4`, `.webm` or `.mov`."""
        ...


@runtime_checkable
class NamesModels(Protocol):
    """A step that tells which networks it uses, by their names in the catalogue."""

    @property
    def model(self) -> str: ...


@runtime_checkable
class Warns(Protocol):
    """A step that has something to say about the result, each as `CODE: message`; asked for when it is done."""

    @property
    def warnings(self) -> Sequence[str]: ...
