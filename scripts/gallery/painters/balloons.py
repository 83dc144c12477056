"""Glossy balloons before a clear sky: saturated colours, hard edges, smooth gradients."""

import cv2
import numpy as np

from examples.sources.noise import Array, field, ramp, rgb, to_bytes
from scripts.gallery.painters.relief import Colours, Ground, Plane, gloss, ground, lit, normals, over, smooth

WIDTH, HEIGHT = 1280, 720
SKY = [(0.0, "#2f7fd0"), (0.5, "#79b9ea"), (1.0, "#dcefF6")]
LIGHT = (-0.55, -0.65, 0.55)
BALLOONS = (
    (0.205, 0.400, 118, "#f2c230"),
    (0.800, 0.330, 106, "#8a45d6"),
    (0.350, 0.270, 132, "#e23a34"),
    (0.655, 0.450, 140, "#1fa34a"),
    (0.500, 0.355, 158, "#1769d8"),
    (0.905, 0.560, 92, "#ef7d22"),
    (0.085, 0.640, 96, "#e2448f"),
)
"""Centre as shares of the picture, radius in pixels, colour; the later, the nearer."""


def balloons() -> Array:
    """HEIGHT×WIDTH×3 uint8 RGB."""
    picture = np.broadcast_to(ramp(SKY, np.linspace(0, 1, HEIGHT))[:, None], (HEIGHT, WIDTH, 3)).copy()
    clouds = field(HEIGHT, WIDTH, 170, 5) + 0.5 * field(HEIGHT, WIDTH, 70, 6) + 0.25 * field(HEIGHT, WIDTH, 28, 7)
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None]
    picture = over(picture, rgb("#ffffff"), 0.75 * smooth((clouds - 0.25 + 0.4 * rows) / 0.9) * smooth(rows / 0.5))
    for x, y, radius_px, colour in BALLOONS:
        shade, cover = _balloon(ground(HEIGHT, WIDTH, (x * WIDTH, y * HEIGHT), radius_px), colour)
        picture = _with_string(picture, (x * WIDTH, y * HEIGHT + 1.2 * radius_px))
        picture = over(picture, shade, cover)
    grain = np.random.default_rng(13).normal(0, 0.006, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return to_bytes(np.clip(cv2.GaussianBlur(picture, (0, 0), 0.6), 0, 1) + grain)


def balloon(colour: str = "#e23a34", size: int = 480) -> Array:
    """One balloon alone: size×size×4 uint8 with straight alpha."""
    shade, cover = _balloon(ground(size, size, (size / 2, size * 0.46), size * 0.37), colour)
    return np.dstack([to_bytes(np.clip(shade, 0, 1)), np.rint(255 * np.clip(cover, 0, 1)).astype(np.uint8)])


def _balloon(g: Ground, colour: str) -> tuple[Colours, Plane]:
    """Pear-shaped, with a knot below: its colours, and how much of each pixel it covers."""
    narrow = 1 - 0.13 * smooth((g.y + 0.2) / 1.4)
    inside = 1 - (g.x / narrow) ** 2 - (g.y / 1.13) ** 2
    relief = np.sqrt(np.clip(inside, 0.0004, None)).astype(np.float32)
    facing = normals(relief, g.unit_px)
    knot = smooth((0.075 - np.abs(g.x) - 0.45 * (1.24 - g.y)) * g.unit_px / 2 + 0.5) * smooth((1.24 - g.y) * g.unit_px)
    cover = np.maximum(smooth(inside * g.unit_px / 3.2 + 0.5), knot * (g.y > 1.05))
    light = (0.30 + 0.80 * lit(facing, LIGHT, 0.45))[..., None] * rgb(colour)
    through = (0.30 * np.clip(1 - relief, 0, 1) ** 2)[..., None] * rgb(colour)
    spark = (
        g.bump((-0.36, -0.46), (0.13, 0.085), -40)
        + 0.3 * gloss(facing, LIGHT, 12)
        + 0.12 * g.bump((0.42, 0.55), (0.2, 0.1), 35)
    )
    return over(np.asarray(light + through, np.float32), rgb("#ffffff"), 0.85 * np.asarray(spark, np.float32)), cover


def _with_string(picture: Colours, knot: tuple[float, float]) -> Colours:
    rows = np.arange(knot[1], HEIGHT + 4, 4)
    sway = 10 * np.sin((rows - knot[1]) / 70 + knot[0])
    points = np.stack([knot[0] + sway - 10 * np.sin(knot[0]), rows], axis=-1)
    drawn = np.ascontiguousarray(picture)
    cv2.polylines(drawn, [(points * 16).round().astype(np.int32)], False, (0.93, 0.93, 0.95), 2, cv2.LINE_AA, 4)
    return drawn
