"""Still pictures: a photograph-like morning in the mountains, a quiet background, a logo."""

import cv2
import numpy as np

from examples.sources.noise import Array, field, fractal, ramp, rgb, to_bytes

DAWN = [(0.0, "#4f78a8"), (0.22, "#8fa9c4"), (0.38, "#f0c9a6"), (0.5, "#f9dfba"), (1.0, "#f3dcc2")]
RIDGES = [
    (0.46, 150, 2.6, "#aab3bd", 0.55),
    (0.53, 170, 2.2, "#8899a8", 0.50),
    (0.62, 180, 2.0, "#61778b", 0.50),
    (0.73, 170, 2.4, "#3d566b", 0.52),
    (0.86, 130, 2.8, "#1f3747", 0.55),
]
"""Crest as a share of the height, size of the peaks in px, peaks per picture, colour, roughness."""


def mountains(width: int = 1920, height: int = 1280) -> Array:
    """Misty ridges before sunrise, H×W×3 uint8."""
    picture = np.broadcast_to(ramp(DAWN, np.linspace(0, 1, height))[:, None], (height, width, 3)).copy()
    _add_sunlight(picture)
    for number, ridge in enumerate(RIDGES):
        _draw_ridge(picture, number, ridge)
    return to_bytes(_with_grain_and_falloff(picture))


def background(width: int = 1280, height: int = 720) -> Array:
    """A deep blue wash with two soft lights, H×W×3 uint8."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32) / height
    picture = ramp([(0.0, "#131b3f"), (0.55, "#0c1230"), (1.0, "#060817")], rows)
    for x, y, reach, colour, strength in [(0.28, 0.16, 0.75, "#3a5bff", 0.34), (1.52, 0.92, 0.7, "#b13cff", 0.30)]:
        distance = np.hypot(columns - x, rows - y)[..., None]
        picture += np.exp(-((distance / reach) ** 2)) * strength * rgb(colour)
    return to_bytes(picture)


def logo(size: int = 640) -> Array:
    """A rounded tile with a play mark cut into three lanes: size×size×4 uint8, straight alpha."""
    tile = _coverage(size, [(0.02, 0.02), (0.98, 0.02), (0.98, 0.98), (0.02, 0.98)], corner=0.22)
    mark = _coverage(size, [(0.31, 0.22), (0.81, 0.50), (0.31, 0.78)], corner=0.045)
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size
    for gap in (0.395, 0.605):
        mark *= 1 - np.clip((0.019 - np.abs(rows - gap)) * size, 0, 1)
    colours = ramp([(0.0, "#22d3ff"), (0.5, "#5b63ff"), (1.0, "#d64dff")], (rows + columns) / 2)
    colours += mark[..., None] * (1 - colours)
    return np.dstack([to_bytes(colours), np.round(tile * 255).astype(np.uint8)])


def _coverage(size: int, corners: list[tuple[float, float]], corner: float) -> Array:
    """How much of each pixel a polygon covers, its corners rounded. Corners and radius are shares of the size."""
    scale = 4
    centre = np.mean(corners, axis=0)
    shrunk = [np.array(point) - corner * np.sign(np.array(point) - centre) for point in corners]
    points = (np.array(shrunk) * size * scale).round().astype(np.int32)
    shape = np.zeros((size * scale, size * scale), np.uint8)
    cv2.fillPoly(shape, [points], [255])
    cv2.polylines(shape, [points], True, [255], round(2 * corner * size * scale), cv2.LINE_AA)
    covered: Array = cv2.resize(shape, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return covered


def _add_sunlight(picture: Array) -> None:
    height, width = picture.shape[:2]
    rows, columns = np.ogrid[0:height, 0:width]
    distance = np.hypot((rows - 0.40 * height) / height, (columns - 0.70 * width) / width * 1.3)[..., None]
    picture += np.exp(-distance * 5.2).astype(np.float32) * 0.32 * rgb("#ffdca0")


def _draw_ridge(picture: Array, number: int, ridge: tuple[float, int, float, str, float]) -> None:
    """One ridge: darker at its crest, dissolving into mist below; the nearest carries trees."""
    crest, size, peaks, colour, roughness = ridge
    height, width = picture.shape[:2]
    x = np.arange(width) / width
    slope = height * crest + size * fractal(x * peaks, 200 + 11 * number, octaves=8, roughness=roughness)
    top = slope.copy()
    if number >= len(RIDGES) - 2:
        top -= _trees(width, number, tall=16 if number == len(RIDGES) - 2 else 38)
    rows = np.arange(height)[:, None]
    inside = np.clip(rows - top, 0, 1).astype(np.float32)[..., None]
    drifts = cv2.resize(field(height // 4, width // 12, 26, 300 + number), (width, height)) * 0.13
    mist = np.clip((rows - slope) / (300 - 20 * number) + drifts, 0, 1).astype(np.float32)[..., None]
    shade = rgb(colour) + mist * (rgb("#f3d9c0") - rgb(colour)) * (0.85 - 0.14 * number)
    picture += inside * (shade - picture)


def _trees(width: int, number: int, tall: int) -> Array:
    """Height in px that a row of conifers adds to a crest."""
    random = np.random.default_rng(400 + number)
    outline = np.zeros(width)
    columns = np.arange(width)
    for _ in range(width // 5):
        middle, top = random.uniform(0, width), tall * random.uniform(0.35, 1) ** 1.4
        cone = top - np.abs(columns - middle) * 2.7
        jagged = cone + 2.2 * np.sin(columns * 2.1 + middle) * (cone < top * 0.8)
        outline = np.maximum(outline, jagged)
    return np.clip(outline, 0, None)


def _with_grain_and_falloff(picture: Array) -> Array:
    height, width = picture.shape[:2]
    grain = np.random.default_rng(5).normal(0, 0.012, (height, width, 1)).astype(np.float32)
    rows, columns = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    falloff = (1 - 0.16 * (rows**2 + columns**2))[..., None].astype(np.float32)
    return np.clip(picture, 0, 1) * falloff + grain
