"""What the redirection is held to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean

from benchmarks.gaze.cases import INTENSITIES, Case
from benchmarks.gaze.panned import Jitter

FAR = 0.25
"""In D: offsets as large as this are held to every bar, smaller ones to the residual only."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A figure and the range that it must lie in."""

    what: str
    figure: float
    low: float
    high: float
    unit: str = ""

    @property
    def passed(self) -> bool:
        return self.low <= self.figure <= self.high


def case_bars(cases: Sequence[Case]) -> Iterator[Bar]:
    """Displaced pictures: how much is removed, how much is left, and whether intensity is linear."""
    far = [case for case in cases if abs(case.offset) >= FAR]
    shares = [case.removed[-1] for case in far]
    yield Bar("removed, least of the cases", min(shares), 0.65, 1.40)
    yield Bar("removed, most of the cases", max(shares), 0.65, 1.40)
    yield Bar("removed, mean", fmean(shares), 0.8, 1.2)
    yield Bar("residual, largest", max(abs(case.moved_to[-1]) for case in cases), 0, 0.13, "D")
    yield Bar("PSNR gained, least", min(case.psnr_gain_db for case in far), 2.5, float("inf"), "dB")
    for index, intensity in enumerate(INTENSITIES[:-1]):
        share = fmean(case.removed[index] for case in far) / fmean(shares)
        yield Bar(f"removed at {intensity} to removed at 1", share, intensity - 0.1, intensity + 0.1)


def still_bars(moved_by: float, least_change: float) -> Iterator[Bar]:
    """The photograph itself, at full intensity and at none (how many samples differ)."""
    yield Bar("camera-looking face moved by", abs(moved_by), 0, 0.06, "D")
    yield Bar("samples changed at intensity 0", least_change, 0, 0)


def jitter_bars(jitters: Sequence[Jitter]) -> Iterator[Bar]:
    """The pan."""
    for jitter in jitters:
        yield Bar(f"pan, noise {jitter.noise:g}: deviation of the iris", jitter.deviation, 0, 0.03, "D")
        yield Bar(f"pan, noise {jitter.noise:g}: step between frames", jitter.step, 0, 0.015, "D")
