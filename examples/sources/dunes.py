"""A clip: a low sun over dunes, birds crossing."""

from collections.abc import Iterator

import cv2
import numpy as np

from examples.sources.clip import FRAME_RATE
from examples.sources.noise import Array, fractal, ramp, rgb, to_bytes

WIDTH, HEIGHT = 1280, 720
SKY = [(0.0, "#2b2a5c"), (0.3, "#8a4a80"), (0.52, "#e8776b"), (0.68, "#ffb36b"), (0.8, "#ffdc9a"), (1.0, "#ffe9bd")]
LAYERS = [
    (0.62, 60, 1.5, "#d9737a", 10),
    (0.69, 84, 1.2, "#b4527a", 24),
    (0.78, 100, 1.0, "#7d3a72", 48),
    (0.88, 104, 0.9, "#472a5c", 90),
    (1.00, 96, 0.8, "#1e1636", 160),
]
"""Height of the crest as a share of the picture, size of its bumps in px, bumps per picture, colour, speed in px/s."""


def frames(duration_s: float) -> Iterator[Array]:
    """Frames of the clip, 720×1280×3 uint8."""
    sky = np.broadcast_to(ramp(SKY, np.linspace(0, 1, HEIGHT))[:, None], (HEIGHT, WIDTH, 3))
    for index in range(round(duration_s * FRAME_RATE)):
        time_s = index / FRAME_RATE
        picture = _with_sun(sky.copy(), time_s)
        for number, layer in enumerate(LAYERS):
            _draw_dune(picture, number, layer, time_s)
            if number == 1:
                _draw_birds(picture, time_s)
        yield to_bytes(picture)


def _with_sun(sky: Array, time_s: float) -> Array:
    x, y = WIDTH * 0.66 - 4 * time_s, HEIGHT * 0.44 + 7 * time_s
    glow = np.exp(-_distances(HEIGHT // 4, WIDTH // 4, x / 4, y / 4) / 48) * np.float32(0.42)
    sky += cv2.resize(glow, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)[..., None] * rgb("#ffd28a")
    first, last = int(y) - 80, int(y) + 82
    disc = np.clip(78 - _distances(last - first, WIDTH, x, y - first), 0, 1)[..., None]
    sky[first:last] += disc * (rgb("#fff3d0") - sky[first:last])
    return sky


def _distances(height: int, width: int, x: float, y: float) -> Array:
    """Distance of every pixel from a point, H×W float32."""
    rows, columns = np.ogrid[0:height, 0:width]
    return np.hypot((rows - y).astype(np.float32), (columns - x).astype(np.float32))


def _draw_dune(picture: Array, number: int, layer: tuple[float, int, float, str, int], time_s: float) -> None:
    crest, size, bumps, colour, speed = layer
    x = (np.arange(WIDTH) + speed * time_s) / WIDTH
    top = HEIGHT * crest + size * fractal(x * bumps * 1.7, 100 + 10 * number, octaves=3, roughness=0.35)
    first = int(top.min())
    below = np.arange(first, HEIGHT, dtype=np.float32)[:, None] - top.astype(np.float32)
    inside = np.clip(below, 0, 1)[..., None]
    depth = np.clip(below / 190, 0, 1)[..., None]
    rim = np.exp(np.clip(below, 0, None) / -9)[..., None]
    shade = rgb(colour) * (1 - np.float32(0.42) * depth) + rim * (np.float32(0.16) * rgb("#ffcf8f"))
    picture[first:] += inside * (shade - picture[first:])


def _draw_birds(picture: Array, time_s: float) -> None:
    for number, (x, y, span) in enumerate(
        [(250, 215, 17), (300, 195, 14), (338, 226, 12), (212, 246, 11), (392, 208, 9)]
    ):
        beat = np.sin(2 * np.pi * 1.6 * time_s + 1.3 * number)
        centre = np.array([x + 42 * time_s, y - 5 * time_s + 2 * beat])
        tip = 0.42 * span * beat - 0.22 * span
        wing = [
            (-span, tip),
            (-0.5 * span, -0.38 * span + 0.3 * tip),
            (0, 0),
            (0.5 * span, -0.38 * span + 0.3 * tip),
            (span, tip),
        ]
        points = ((centre + np.array(wing)) * 16).round().astype(np.int32)
        cv2.polylines(picture, [points], False, tuple(map(float, rgb("#38204c"))), 2, cv2.LINE_AA, 4)
