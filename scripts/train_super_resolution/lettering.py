"""Lettering for training pictures, in the fonts that the project ships."""

import functools
import string

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scripts.processes import ROOT
from scripts.train_super_resolution.fills import Plane

_FONTS = ROOT / "gpu_tasks" / "fonts"
_LETTERS = np.array(list(string.ascii_letters + string.digits + ".,:;!?&%()-"))
_SIZES_PX = (14, 18, 22, 28, 36, 48, 72, 120)
"""At twice the finished size."""


def write_lines(rng: np.random.Generator, plane: Plane) -> Plane:
    """The plane with lines of random words written on it, from top to bottom, sometimes askew."""
    page = Image.fromarray(np.zeros(plane.shape, np.uint8))
    draw, top = ImageDraw.Draw(page), float(rng.uniform(-10, 30))
    while top < plane.shape[0]:
        size = int(rng.choice(_SIZES_PX))
        draw.text((rng.uniform(-20, 40), top), _line(rng, plane.shape[1] // size * 2), 255, _font(rng, size))
        top += size * rng.uniform(1.0, 2.2)
    if rng.random() < 0.5:
        page = page.rotate(float(rng.uniform(-12, 12)), Image.Resampling.BICUBIC)
    cover = np.asarray(page, np.float32) / 255
    return np.asarray(plane + (np.float32(rng.choice((0, 20, 255, 230))) - plane) * cover, np.float32)


def _line(rng: np.random.Generator, length: int) -> str:
    words = ("".join(rng.choice(_LETTERS, rng.integers(2, 10))) for _ in range(length // 5 + 1))
    return " ".join(words)


def _font(rng: np.random.Generator, size: int) -> ImageFont.FreeTypeFont:
    return _face(str(rng.choice(_latin_files())), size)


@functools.cache
def _face(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


@functools.cache
def _latin_files() -> list[str]:
    return sorted(str(file) for file in _FONTS.glob("*-latin-*.woff") if "-ext-" not in file.name)
