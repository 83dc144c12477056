"""A clip: glowing threads that weave through the dark."""

from collections.abc import Iterator

import cv2
import numpy as np

from examples.sources.clip import FRAME_RATE
from examples.sources.noise import Array, mix, ramp, rgb, to_bytes

WIDTH, HEIGHT = 1280, 720
THREADS = 56
LAYERS = 8
COLOURS = [(0.0, "#1fd6ff"), (0.35, "#5a6bff"), (0.65, "#c14dff"), (1.0, "#ff6d9d")]


def frames(duration_s: float) -> Iterator[Array]:
    """Frames of the clip, 720×1280×3 uint8."""
    ground = _ground()
    for index in range(round(duration_s * FRAME_RATE)):
        threads = _threads(index / FRAME_RATE)
        small = cv2.resize(threads, (WIDTH // 4, HEIGHT // 4), interpolation=cv2.INTER_AREA)
        glow = cv2.resize(cv2.GaussianBlur(small, (0, 0), 7), (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        yield to_bytes(1 - (1 - ground) * np.exp(-(0.85 * threads + 1.15 * glow)))


def _ground() -> Array:
    rows, columns = np.ogrid[0:HEIGHT, 0:WIDTH]
    distance = np.hypot((rows - HEIGHT * 0.5) / HEIGHT, (columns - WIDTH * 0.5) / WIDTH).astype(np.float32)[..., None]
    light: Array = np.clip(1.15 - 1.5 * distance, 0, 1)
    return mix(rgb("#05040f"), rgb("#15123a"), light)


def _threads(time_s: float) -> Array:
    """All threads added up, brighter where they cross. Threads of one layer lie far apart and hardly meet."""
    total = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    along = np.linspace(-0.02, 1.02, 140)
    for first in range(LAYERS):
        layer = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        for share in np.arange(first, THREADS, LAYERS) / (THREADS - 1):
            _draw_thread(layer, along, float(share), time_s)
        cv2.accumulate(layer, total)
    return total / 255


def _draw_thread(layer: Array, along: Array, share: float, time_s: float) -> None:
    y = 0.5 + _height(along, share, time_s)
    points = (np.stack([along * WIDTH, y * HEIGHT], axis=1) * 16).round().astype(np.int32)
    colour = 255 * ramp(COLOURS, np.array(share)) * (0.35 + 0.65 * np.sin(np.pi * share))
    cv2.polylines(layer, [points], False, tuple(map(float, colour)), 1, cv2.LINE_AA, 4)


def _height(along: Array, share: float, time_s: float) -> Array:
    """Where a thread runs, as a share of the height around the middle."""
    spread = 0.34 * (share - 0.5)
    slow = 0.20 * np.sin(2 * np.pi * (0.75 * along + 0.11 * time_s) + 2.4 * share)
    quick = 0.075 * np.sin(2 * np.pi * (1.9 * along - 0.16 * time_s) + 5.2 * share)
    pinch = 0.35 + 0.65 * np.sin(np.pi * (0.9 * along + 0.06 * time_s)) ** 2
    height: Array = (spread + quick) * pinch + slow * (0.6 + 0.4 * np.cos(3 * share))
    return height
