"""The default way to a matte: network, closer look, steadiness, decisions, refinement."""

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from gpu_tasks.models.background_removal.closer import CloserLook
from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.background_removal.refine import refine
from gpu_tasks.models.background_removal.segment import DEFAULT_MODEL, PeopleSegmenter
from gpu_tasks.models.background_removal.smooth import Smoother
from gpu_tasks.models.background_removal.tidy import tidied
from gpu_tasks.models.step import Alpha, Rgb


@dataclass(frozen=True, slots=True)
class Cut:
    """What was found in a frame. `person` holds the colours of people alone, where the network gives them."""

    matte: Alpha
    person: Rgb | None = None


class Matter(Protocol):
    """Finds the matte of each frame of one clip, in order; may remember what it saw."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...

    def cut(self, rgb: Rgb) -> Cut:
        """The matte of the next frame, at its size. All zero where nobody is seen."""
        ...


class PeopleMatter:
    """People, by MediaPipe's selfie segmentation."""

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self._segmenter = PeopleSegmenter(model)
        self._look = CloserLook(self._segmenter.coverage)
        self._smoother = Smoother()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._segmenter.close()

    def cut(self, rgb: Rgb) -> Cut:
        """Smoothed before it is decided and refined: that costs little, and the edges stay those of this frame.

        Only what lies around people is refined, as finely as its own size allows.
        """
        coverage = tidied(self._smoother.smoothed(self._look.coverage(rgb), rgb))
        matte = np.zeros(rgb.shape[:2], np.uint8)
        if coverage.any():
            there = self._look.box.pixels(coverage.shape[1], coverage.shape[0])
            here = self._look.box.pixels(rgb.shape[1], rgb.shape[0])
            matte[here] = as_alpha(refine(coverage[there], rgb[here]))
        return Cut(matte)


def as_alpha(matte: Plane) -> Alpha:
    """0 to 1 as 0 to 255."""
    return np.asarray(matte * np.float32(255) + np.float32(0.5), np.uint8)
