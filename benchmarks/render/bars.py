"""The figures that the engine promises, and whether this run keeps them."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.render.bench import Result

MEMORY_LIMIT_BYTES = 700 * 10**6
FLATNESS_LIMIT = 1.15
STARTUP_LIMIT_S = 1.0
MEAN_SCENES, MEAN_LIMIT = ("S1", "S2", "S3"), 1.0
CPU_BARS = (
    ("ffmpeg", 1.15, ("S1", "S2", "S3")),
    ("ffmpeg", 0.8, ("S4",)),
    ("ffmpeg-plain", 0.5, ("S5",)),
    ("ffmpeg", 0.5, ("S5",)),
    ("mlt", 0.75, ("S2", "S3", "S4")),
    ("moviepy", 1 / 3, ("S1", "S2", "S3", "S4")),
)
"""Peer, largest share of its CPU time, scenes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """`figure` is None where this run did not measure it."""

    what: str
    figure: float | None
    limit: float
    unit: str = ""

    @property
    def verdict(self) -> str:
        if self.figure is None:
            return "not measured"
        return "met" if self.figure <= self.limit else "NOT MET"


def ratio(results: Mapping[tuple[str, int, str], Result], scene: str, height: int, peer: str) -> float | None:
    """Our CPU time as a share of `peer`'s on one scene, None where either is missing."""
    ours, other = (results.get((scene, height, tool)) for tool in ("ours", peer))
    if ours is None or other is None or ours.cpu_s is None or other.cpu_s is None:
        return None
    return ours.cpu_s / other.cpu_s


@dataclass(frozen=True, slots=True)
class Extras:
    """What is measured beside the scenes: CPU seconds of a film of one frame, and how memory grows with the length."""

    startup_s: float | None = None
    long_film: float | None = None


def mean_ratio(results: Mapping[tuple[str, int, str], Result], heights: Iterable[int]) -> float | None:
    """The geometric mean of our shares of ffmpeg's CPU time; None where one is missing."""
    shares = [ratio(results, scene, height, "ffmpeg") for scene in MEAN_SCENES for height in heights]
    found = [share for share in shares if share is not None]
    return math.prod(found) ** (1 / len(found)) if found and len(found) == len(shares) else None


def bars(results: Iterable[Result], heights: Sequence[int], extras: Extras) -> Iterator[Bar]:
    """Every bar."""
    found = {(result.scene, result.height, result.tool): result for result in results}
    mean = mean_ratio(found, heights)
    yield Bar(f"CPU time, geometric mean of {', '.join(MEAN_SCENES)}, against ffmpeg", mean, MEAN_LIMIT, "×")
    for peer, limit, scenes in CPU_BARS:
        for scene in scenes:
            for height in heights:
                what = f"CPU time, {scene} {height}p, against {peer}"
                yield Bar(what, ratio(found, scene, height, peer), limit, "×")
    peaks = [r.peak_bytes for r in found.values() if r.tool == "ours" and r.height == 1080 and r.peak_bytes]
    yield Bar("peak memory at 1080p, any scene", max(peaks) / 1e6 if peaks else None, MEMORY_LIMIT_BYTES / 1e6, " MB")
    yield Bar("peak memory, 120 s film against 10 s film", extras.long_film, FLATNESS_LIMIT, "×")
    yield Bar("CPU time of a film of one frame", extras.startup_s, STARTUP_LIMIT_S, " s")
