"""Every displaced picture through the step, at several intensities, and what the meter says of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from benchmarks.gaze.displaced import displaced
from benchmarks.gaze.meter import offset_of, psnr_of_strip
from benchmarks.gaze.portrait import Portrait
from gpu_tasks.models.gaze.redirect import GazeRedirect
from gpu_tasks.models.step import Frame, Rgb

KINDS: Final = ("plain", "shaded")
OFFSETS: Final = (-0.40, -0.25, -0.15, 0.15, 0.25, 0.40)
INTENSITIES: Final = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Case:
    """One displaced picture; `moved_to` is what the meter reads after each of INTENSITIES, all in D."""

    kind: str
    offset: float
    read: float
    moved_to: tuple[float, ...]
    psnr_before_db: float
    psnr_after_db: float

    @property
    def removed(self) -> tuple[float, ...]:
        """The share of the true offset that is gone, for each intensity."""
        return tuple((self.offset - left) / self.offset for left in self.moved_to)

    @property
    def psnr_gain_db(self) -> float:
        return self.psnr_after_db - self.psnr_before_db


def redirected(pictures: Sequence[Rgb], intensity: float = 1.0) -> list[Frame]:
    """Pictures, each for itself, through the step."""
    frames = (Frame(rgb, None, Fraction(0)) for rgb in pictures)
    return list(GazeRedirect(intensity, still=True).process(frames))


def cases(portrait: Portrait, kinds: Sequence[str] = KINDS, offsets: Sequence[float] = OFFSETS) -> Iterator[Case]:
    """Every offset made in every way."""
    chosen = [(kind, offset) for kind in kinds for offset in offsets]
    pictures = [displaced(portrait, kind, offset) for kind, offset in chosen]
    results = [redirected(pictures, intensity) for intensity in INTENSITIES]
    for (kind, offset), before, *after in zip(chosen, pictures, *results, strict=True):
        yield Case(
            kind=kind,
            offset=offset,
            read=offset_of(portrait, before)[0],
            moved_to=tuple(offset_of(portrait, frame.rgb)[0] for frame in after),
            psnr_before_db=psnr_of_strip(portrait, before),
            psnr_after_db=psnr_of_strip(portrait, after[-1].rgb),
        )
