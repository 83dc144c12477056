"""The gain over bicubic interpolation of every way to enlarge, on every photograph and after every degradation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import mean

from PIL import Image

from benchmarks.super_resolution.held_out import DEGRADATIONS, cropped, resized
from benchmarks.super_resolution.measures import compared
from gpu_tasks.models.step import Rgb

Way = Callable[[Rgb], Rgb]
"""A small picture to one that is `scale` times larger."""


@dataclass(frozen=True, slots=True)
class Score:
    """How near an enlarged photograph is to the photograph, and how near bicubic interpolation comes."""

    scale: int
    degradation: str
    photograph: str
    way: str
    psnr_db: float
    ssim: float
    bicubic_psnr_db: float
    bicubic_ssim: float

    @property
    def gain_db(self) -> float:
        """PSNR above bicubic."""
        return self.psnr_db - self.bicubic_psnr_db

    @property
    def ssim_gain(self) -> float:
        """SSIM above bicubic."""
        return self.ssim - self.bicubic_ssim


def interpolated(scale: int, kernel: Image.Resampling) -> Way:
    """Pillow's enlargement."""
    return lambda rgb: resized(rgb, rgb.shape[1] * scale, rgb.shape[0] * scale, kernel)


def scores(scale: int, degradation: str, photographs: Mapping[str, Rgb], ways: Mapping[str, Way]) -> Iterator[Score]:
    """Every way on every photograph after one degradation; bicubic is measured in any case."""
    bicubic = interpolated(scale, Image.Resampling.BICUBIC)
    for name, photograph in photographs.items():
        wanted = cropped(photograph, scale)
        small = DEGRADATIONS[degradation](wanted, scale)
        base = compared(bicubic(small), wanted, scale)
        for way, enlarge in ways.items():
            yield Score(scale, degradation, name, way, *compared(enlarge(small), wanted, scale), *base)


def mean_gain(found: list[Score]) -> float:
    """The mean gain in dB."""
    return mean(score.gain_db for score in found)
