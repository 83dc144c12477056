"""A street after rain: towers with lit windows, lamps that mirror in the wet ground."""

import cv2
import numpy as np

from examples.sources.noise import Array, field, ramp, rgb, to_bytes
from scripts.gallery.painters.relief import Colours, over

WIDTH, HEIGHT = 1280, 720
HORIZON = 470
DUSK = [(0.0, "#0d1636"), (0.35, "#2a2a63"), (0.62, "#80416f"), (0.8, "#d9725f"), (1.0, "#f6a95f")]
WINDOW_LIGHTS = ("#ffd58a", "#ffc168", "#fff0c9", "#9fd0ff")
SIGNS = ((250, 330, 66, 150, "#ff3d6e"), (1016, 300, 54, 178, "#22d3ff"), (598, 392, 96, 34, "#7dff6b"))
"""Left, top, width and height in pixels, and colour."""


def city() -> Array:
    """HEIGHT×WIDTH×3 uint8 RGB."""
    random = np.random.default_rng(17)
    picture = np.broadcast_to(ramp(DUSK, np.linspace(0, 1.42, HEIGHT))[:, None], (HEIGHT, WIDTH, 3)).copy()
    for depth in (0.25, 0.55, 1.0):
        _add_towers(picture, random, depth)
    _add_signs(picture)
    _add_lamps(picture, random)
    return to_bytes(_with_wet_ground(picture, random))


def _add_towers(picture: Colours, random: np.random.Generator, depth: float) -> None:
    """A row of towers; the nearer (towards 1), the taller, darker and sharper. A gap in the middle shows the sky."""
    x = -40.0
    while x < WIDTH:
        width = random.uniform(60, 130) * (0.6 + 0.7 * depth)
        middle = abs(x + width / 2 - WIDTH * 0.5) / (WIDTH * 0.5)
        tall = (90 + 330 * middle**1.3 * depth) * random.uniform(0.75, 1.15)
        if depth < 1 or middle > 0.33:
            _add_tower(picture, random, (int(x), int(HORIZON - tall), int(width), int(tall)), depth)
        x += width + random.uniform(2, 26)


def _add_tower(picture: Colours, random: np.random.Generator, box: tuple[int, int, int, int], depth: float) -> None:
    left, top, width, _ = box
    wall = rgb("#5b3f66") * (1 - depth) + rgb("#0f1326") * depth
    left_in, right = max(left, 0), min(left + width, WIDTH)
    if right - left_in < 4:
        return
    body = picture[top:HORIZON, left_in:right]
    body[:] = wall * np.linspace(0.9, 1.25, HORIZON - top, dtype=np.float32)[:, None, None]
    pitch, size = 5 + int(9 * depth), 2 + int(5 * depth)
    for row in range(top + pitch, HORIZON - pitch, pitch + 2):
        for column in range(left_in + pitch // 2, right - size, pitch):
            if random.random() < 0.34:
                light = rgb(WINDOW_LIGHTS[int(random.integers(4))]) * random.uniform(0.35, 1.0)
                picture[row : row + size + 1, column : column + size] = light


def _add_signs(picture: Colours) -> None:
    """Neon tubes with a halo."""
    glow = np.zeros_like(picture)
    for left, top, width, tall, colour in SIGNS:
        for inset in (0, 12):
            box = (left + inset, top + inset), (left + width - inset, top + tall - inset)
            cv2.rectangle(glow, *box, tuple(map(float, rgb(colour))), 4, cv2.LINE_AA)
    halo = cv2.GaussianBlur(glow, (0, 0), 18) * 2.2 + cv2.GaussianBlur(glow, (0, 0), 4) * 0.8
    core = cv2.GaussianBlur(glow, (0, 0), 0.8)
    picture += halo
    picture += core * (1 - np.clip(picture, 0, 1)) + 0.35 * core.max(axis=2, keepdims=True)


def _add_lamps(picture: Colours, random: np.random.Generator) -> None:
    """Street lamps and tail lights, far and out of focus near the ground."""
    for side in (-1, 1):
        for step in range(7):
            share = 0.72**step
            x, y = WIDTH / 2 + side * 560 * share, HORIZON - 250 * share + 8
            cv2.line(
                picture, (int(x), int(y)), (int(x), HORIZON), (0.03, 0.03, 0.05), max(1, int(7 * share)), cv2.LINE_AA
            )
            _add_light(picture, (x, y), 5 + 13 * share, rgb("#ffd9a0"), 1.4)
    for _ in range(22):
        share = random.uniform(0.1, 1)
        x = WIDTH / 2 + random.choice([-1, 1]) * random.uniform(16, 150) * (0.3 + share)
        colour = rgb("#ff3b30") if x > WIDTH / 2 else rgb("#fff3dc")
        _add_light(picture, (x, HORIZON - 6 - 12 * share), 2 + 7 * share, colour, 1.1)


def _add_light(picture: Colours, at: tuple[float, float], radius: float, colour: Array, strength: float) -> None:
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    distance = np.hypot(rows - np.float32(at[1]), columns - np.float32(at[0])).astype(np.float32)
    picture += (strength * np.clip(radius - distance, 0, 1.5) / 1.5 + 0.32 * np.exp(-distance / (2.6 * radius)))[
        ..., None
    ] * colour


def _with_wet_ground(picture: Colours, random: np.random.Generator) -> Colours:
    """What stands above the horizon, mirrored, stretched and broken by ripples below it."""
    rows = np.arange(HEIGHT - HORIZON, dtype=np.float32)
    depth = rows / rows[-1]
    ripples = field(HEIGHT - HORIZON, WIDTH, 16, 71) + 0.6 * field(HEIGHT - HORIZON, WIDTH, 6, 72)
    columns = np.arange(WIDTH, dtype=np.float32)[None] + ripples * (2 + 16 * depth[:, None])
    mirrored = HORIZON - 2 - rows[:, None] * 1.55 + ripples * (4 + 22 * depth[:, None])
    wet = cv2.remap(
        picture, columns.astype(np.float32), np.clip(mirrored, 0, HORIZON - 1).astype(np.float32), cv2.INTER_LINEAR
    )
    wet = cv2.GaussianBlur(wet, (0, 0), sigmaX=1.2, sigmaY=7) * (0.78 - 0.30 * depth)[:, None, None]
    picture[HORIZON:] = over(wet, rgb("#0a0c18"), np.broadcast_to(0.18 + 0.25 * depth[:, None], wet.shape[:2]))
    lane = np.abs(np.arange(WIDTH)[None] - WIDTH / 2) < 2 + 9 * depth[:, None]
    dashes = (np.mod(9 / (depth + 0.09), 2) < 0.9)[:, None]
    picture[HORIZON:] += (0.16 * lane * dashes * (0.3 + depth[:, None]))[..., None] * rgb("#ffe9c4")
    grain = random.normal(0, 0.008, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return np.asarray(np.clip(cv2.GaussianBlur(picture, (0, 0), 0.6), 0, 1) + grain, np.float32)
