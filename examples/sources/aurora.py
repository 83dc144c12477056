"""A clip: northern lights over mountains and a lake."""

from collections.abc import Iterator

import cv2
import numpy as np

from examples.sources.clip import FRAME_RATE
from examples.sources.noise import Array, curve, fractal, mix, ramp, rgb, to_bytes

WIDTH, HEIGHT = 1280, 720
HORIZON = 470
PEAKS = 230
SKY = [(0.0, "#040818"), (0.45, "#081a36"), (0.8, "#0f3a52"), (1.0, "#1d5f68")]
CURTAIN = [(0.0, "#c7ffe4"), (0.12, "#4dffb4"), (0.4, "#1fc8a4"), (0.7, "#5b6cff"), (1.0, "#a04cff")]
SMALL = 4
"""The lights are soft: they are computed at a quarter of the size."""


def frames(duration_s: float) -> Iterator[Array]:
    """Frames of the clip, 720×1280×3 uint8."""
    still_sky = _sky() + _stars()
    for index in range(round(duration_s * FRAME_RATE)):
        time_s = index / FRAME_RATE
        sky = still_sky + _lights(time_s)
        land, cover = _mountains(time_s)
        sky[PEAKS:] += cover * (land - sky[PEAKS:])
        yield to_bytes(np.concatenate([sky, _lake(sky, time_s)]))


def _sky() -> Array:
    rows = np.linspace(0, 1, HORIZON)
    return np.broadcast_to(ramp(SKY, rows)[:, None], (HORIZON, WIDTH, 3)).copy()


def _stars() -> Array:
    random = np.random.default_rng(11)
    sky = np.zeros((HORIZON, WIDTH), np.float32)
    for _ in range(260):
        x, y = int(random.uniform(0, WIDTH)), int(HORIZON * random.random() ** 1.5)
        radius, light = int(random.uniform(5, 16)), [float(random.uniform(0.2, 0.95))]
        cv2.circle(sky, (x * 16, y * 16), radius, light, -1, cv2.LINE_AA, 4)
    stars: Array = cv2.GaussianBlur(sky, (0, 0), 0.6)[..., None] * rgb("#dfeaff")
    return stars


def _lights(time_s: float) -> Array:
    """Three curtains of light, drifting and folding."""
    height, width = HORIZON // SMALL, WIDTH // SMALL
    x = np.linspace(0, 1, width)
    y = np.linspace(0, 1, height)[:, None]
    total = np.zeros((height, width, 3), np.float32)
    for number, (base, reach, strength) in enumerate([(0.80, 0.50, 0.85), (0.62, 0.46, 0.6), (0.88, 0.34, 0.45)]):
        drift = time_s * (0.10 + 0.03 * number)
        foot = base + 0.13 * curve(x * 2.2 + drift, 20 + number) + 0.05 * curve(x * 6 - 1.3 * drift, 30 + number)
        rays = 0.62 + 0.38 * curve(x * 34 + 5 * curve(x * 3 + drift, 40 + number), 50 + number)
        glow = np.clip(0.55 + 0.75 * curve(x * 1.6 - 2 * drift + number, 60 + number), 0, 1)
        rise = (foot - y) / (reach * (0.75 + 0.25 * rays))
        light = np.where(rise >= 0, np.exp(-2.6 * rise), np.exp(22 * rise)) * rays * glow * strength
        total += ramp(CURTAIN, np.clip(rise, 0, 1)) * light[..., None].astype(np.float32)
    soft = cv2.GaussianBlur(total, (0, 0), 1.1)
    return np.asarray(cv2.resize(soft, (WIDTH, HORIZON), interpolation=cv2.INTER_CUBIC))


def _mountains(time_s: float) -> tuple[Array, Array]:
    """Colour and cover of three ridges in the rows from PEAKS to HORIZON; the nearer ones slide faster."""
    rows = np.arange(PEAKS, HORIZON, dtype=np.float32)[:, None]
    picture = np.zeros((HORIZON - PEAKS, WIDTH, 3), np.float32)
    cover = np.zeros((HORIZON - PEAKS, WIDTH, 1), np.float32)
    layers = [(150, 2.6, "#123a4c", 5), (100, 3.6, "#0b2536", 10), (46, 6.0, "#061521", 20)]
    for number, (tall, bumps, colour, speed) in enumerate(layers):
        x = (np.arange(WIDTH) + speed * time_s) / WIDTH
        top = HORIZON - tall * (0.7 + 0.8 * fractal(x * bumps, 71 + 10 * number, octaves=7)).astype(np.float32)
        below = rows - top
        inside = np.clip(below, 0, 1)[..., None]
        haze = np.clip(below / 110, 0, 1)[..., None]
        shade = rgb(colour) + haze * ((rgb("#1b5a66") - rgb(colour)) * np.float32(0.45 - 0.14 * number))
        picture += inside * (shade - picture)
        np.maximum(cover, inside, out=cover)
    return picture, cover


def _lake(upper: Array, time_s: float) -> Array:
    """The mirrored scene with ripples that grow towards the viewer."""
    depth = HEIGHT - HORIZON
    rows, columns = np.mgrid[0:depth, 0:WIDTH].astype(np.float32)
    near = rows / depth
    wave = np.sin(rows / (1.5 + 9 * near) - 2.2 * time_s + 0.9 * np.sin(columns / 90 + time_s))
    from_row = HORIZON - 1 - rows * 1.55 - wave * (1 + 7 * near)
    from_column = np.clip(columns + wave * 3 * near, 0, WIDTH - 1)
    mirrored = cv2.remap(upper, from_column, np.clip(from_row, 0, HORIZON - 1), cv2.INTER_LINEAR)
    tone = (0.78 - 0.38 * near)[..., None]
    return mix(0.8 * rgb("#04101c"), mirrored, tone)
