"""The figures that the engine promises, and whether this run keeps them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.render.bench import Result

MEMORY_LIMIT_BYTES = 700 * 10**6
FLATNESS_LIMIT = 1.15
CPU_BARS = (
    ("ffmpeg", 1.25, ("S1", "S2")),
    ("mlt", 0.8, ("S2", "S3")),
    ("moviepy", 0.5, ("S1", "S2", "S3")),
    ("ffmpeg-plain", 0.7, ("S5",)),
    ("ffmpeg", 0.7, ("S5",)),
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


def bars(results: Iterable[Result], heights: Iterable[int], long_film: float | None) -> Iterator[Bar]:
    """Every bar; `long_film` is the peak memory of the 120 s film as a multiple of the 10 s film's."""
    found = {(result.scene, result.height, result.tool): result for result in results}
    for peer, limit, scenes in CPU_BARS:
        for scene in scenes:
            for height in heights:
                what = f"CPU time, {scene} {height}p, against {peer}"
                yield Bar(what, ratio(found, scene, height, peer), limit, "×")
    peaks = [r.peak_bytes for r in found.values() if r.tool == "ours" and r.height == 1080 and r.peak_bytes]
    yield Bar("peak memory at 1080p, any scene", max(peaks) / 1e6 if peaks else None, MEMORY_LIMIT_BYTES / 1e6, " MB")
    yield Bar("peak memory, 120 s film against 10 s film", long_film, FLATNESS_LIMIT, "×")
