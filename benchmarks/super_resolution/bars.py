"""What enlarging must reach, and whether it does."""

from collections.abc import Sequence
from statistics import mean

from benchmarks.super_resolution.quality import Score, mean_gain
from benchmarks.super_resolution.ways import CLEAN, LINEAR, ROBUST

Bar = tuple[str, float, float, bool]
"""Name, measured, asked for, whether less is better."""

_MEAN_DB = {2: 2.4, 4: 1.15}
_LEAST_DB = {2: 1.0, 4: 0.35}
_SSIM = {2: 0.025, 4: 0.03}
_ABOVE_LINEAR_DB = {2: 0.8, 4: 0.4}
_JPEG_75_DB, _BOX_DB = 0.6, 1.2
_MILD_JPEG = ("JPEG 95", "JPEG 85", "JPEG 75", "JPEG 60", "JPEG 50")
SPEED_SHARE = 0.2
"""Of the CPU time of Real-ESRGAN's compact network."""


def quality_bars(scale: int, scores: Sequence[Score]) -> list[Bar]:
    """Those of one scale."""
    clean, linear = _of(scores, CLEAN, "bicubic"), _of(scores, LINEAR, "bicubic")
    mild = [score.gain_db for kind in _MILD_JPEG for score in _of(scores, ROBUST, kind)]
    found: list[Bar] = [
        (f"×{scale} clean, mean gain, dB", mean_gain(clean), _MEAN_DB[scale], False),
        (f"×{scale} clean, least gain, dB", min(s.gain_db for s in clean), _LEAST_DB[scale], False),
        (f"×{scale} clean, mean SSIM gain", mean(s.ssim_gain for s in clean), _SSIM[scale], False),
        (f"×{scale} clean above linear, dB", mean_gain(clean) - mean_gain(linear), _ABOVE_LINEAR_DB[scale], False),
        (f"×{scale} robust, least gain down to JPEG 50, dB", min(mild), 0.0, False),
    ]
    if scale == 2:
        found.append(("×2 robust, JPEG 75, dB", mean_gain(_of(scores, ROBUST, "JPEG 75")), _JPEG_75_DB, False))
        found.append(("×2 robust, box-reduced, dB", mean_gain(_of(scores, ROBUST, "box")), _BOX_DB, False))
    return found


def _of(scores: Sequence[Score], way: str, degradation: str) -> list[Score]:
    return [score for score in scores if score.way == way and score.degradation == degradation]
