"""Five made-up photographs: landscapes, leaves, lights, a sea and a meadow, each from a fixed seed.

They have what makes real pictures expensive to encode and to scale: a 1/f spectrum, hard occlusion edges, soft
gradients and fine grain. All pictures are H×W×3 uint8, BGR.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT = 2560, 1440
Picture = NDArray[np.uint8]
Plane = NDArray[np.float32]


def spectral_noise(rng: np.random.Generator, height: int, width: int, slope: float) -> Plane:
    """Noise whose amplitude falls as 1/frequency**slope; H×W float32 with mean 0 and deviation 1."""
    white = np.fft.rfft2(rng.standard_normal((height, width)))
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :] * width / height)
    frequency[0, 0] = 1
    shaped = np.fft.irfft2(white / frequency**slope, s=(height, width))
    return np.asarray((shaped - shaped.mean()) / shaped.std(), np.float32)


def _gradient(top: tuple[int, int, int], bottom: tuple[int, int, int], height: int, width: int) -> Plane:
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    colours = (1 - ramp) * np.array(top, np.float32) + ramp * np.array(bottom, np.float32)
    return np.repeat(colours.astype(np.float32), width, axis=1)


def _blend(image: Plane, colour: Plane, alpha: Plane) -> Plane:
    return (image + (colour - image) * np.clip(alpha, 0, 1)[..., None]).astype(np.float32)


def _glow(height: int, width: int, centre: tuple[float, float], radius: float) -> Plane:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    squared = ((columns - centre[0] * width) ** 2 + (rows - centre[1] * height) ** 2) / (radius * height) ** 2
    return np.asarray(np.exp(-squared), np.float32)


def _develop(image: Plane, rng: np.random.Generator, grain: float = 2.0) -> Picture:
    """What a camera adds: a soft lens, darker corners, grain."""
    height, width = image.shape[:2]
    corners = 1 - 0.35 * (1 - _glow(height, width, (0.5, 0.5), 1.1))
    soft = cv2.GaussianBlur(image, (0, 0), 0.7) * corners[..., None]
    noisy = soft + rng.normal(0, grain, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)


def _sky(rng: np.random.Generator, top: tuple[int, int, int], bottom: tuple[int, int, int]) -> Plane:
    clouds = cv2.resize(spectral_noise(rng, HEIGHT, WIDTH // 2, 1.7), (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
    white = np.full((HEIGHT, WIDTH, 3), 245, np.float32)
    return _blend(_gradient(top, bottom, HEIGHT, WIDTH), white, 0.35 * clouds - 0.1)


def mountains(rng: np.random.Generator) -> Picture:
    """Ridges that fade into haze under a low sun."""
    image = _sky(rng, (190, 130, 60), (170, 200, 245))
    image = _blend(image, np.full_like(image, (190, 235, 255)), _glow(HEIGHT, WIDTH, (0.68, 0.38), 0.22))
    haze, near = np.array((205, 190, 175), np.float32), np.array((38, 52, 34), np.float32)
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None]
    for layer in range(7):
        depth = layer / 6
        ridge = spectral_noise(rng, 2, WIDTH, 1.5)[0] * (60 + 70 * depth) + HEIGHT * (0.42 + 0.5 * depth)
        rock = spectral_noise(rng, HEIGHT, WIDTH, 1.15) * (5 + 26 * depth)
        colour = (1 - depth) * haze + depth * near + rock[..., None]
        image = _blend(image, colour.astype(np.float32), (rows - ridge[None, :]) / 1.5)
    return _develop(image, rng)


def leaves(rng: np.random.Generator) -> Picture:
    """A forest floor: leaves of power-law sizes, each covering those below."""
    image = np.full((HEIGHT, WIDTH, 3), (18, 28, 36), np.uint8)
    for size in np.sort(14 / rng.random(5200) ** 0.62)[::-1]:
        x, y = int(rng.integers(0, WIDTH)), int(rng.integers(0, HEIGHT))
        axes = (int(min(size, 260)), int(min(size, 260) * rng.uniform(0.35, 0.6)))
        warmth, light = rng.random(), rng.uniform(0.35, 1)
        colour = [float(light * c) for c in (30 + 30 * warmth, 90 + 80 * warmth, 120 + 110 * warmth * warmth)]
        angle = float(rng.uniform(0, 360))
        cv2.ellipse(image, (x, y), axes, angle, 0, 360, [0.55 * c for c in colour], -1, cv2.LINE_AA)
        inner = (max(axes[0] - 3, 1), max(axes[1] - 3, 1))
        cv2.ellipse(image, (x, y), inner, angle, 0, 360, colour, -1, cv2.LINE_AA)
        reach = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * axes[0]
        ends = [(int(x + sign * reach[0]), int(y + sign * reach[1])) for sign in (-1, 1)]
        cv2.line(image, ends[0], ends[1], [0.75 * c for c in colour], 2, cv2.LINE_AA)
    veins = 1 + 0.16 * spectral_noise(rng, HEIGHT, WIDTH, 0.9)
    return _develop(image.astype(np.float32) * veins[..., None], rng)


def lights(rng: np.random.Generator) -> Picture:
    """City lights out of focus behind a dark sill."""
    image = _gradient((60, 28, 22), (24, 20, 34), HEIGHT, WIDTH)
    palette = np.array([(60, 150, 255), (90, 210, 255), (230, 160, 70), (90, 90, 240), (220, 235, 250)], np.float32)
    for _ in range(170):
        disc = np.zeros((HEIGHT, WIDTH), np.uint8)
        centre = (int(rng.integers(0, WIDTH)), int(rng.normal(0.45, 0.18) * HEIGHT))
        radius = int(rng.uniform(14, 90))
        cv2.circle(disc, centre, radius, 255, -1, cv2.LINE_AA)
        cv2.circle(disc, centre, radius, 160, 3, cv2.LINE_AA)
        x, y, margin = centre[0], centre[1], radius + 4
        window = np.s_[max(y - margin, 0) : max(y + margin, 0), max(x - margin, 0) : max(x + margin, 0)]
        weight = disc[window].astype(np.float32)[..., None] / 255 * np.float32(rng.uniform(0.12, 0.5))
        image[window] += weight * palette[rng.integers(len(palette))]
    rows = np.arange(HEIGHT, dtype=np.float32)[:, None] + np.zeros((1, WIDTH), np.float32)
    wood = 26 + 9 * cv2.resize(spectral_noise(rng, HEIGHT, WIDTH // 16, 1.0), (WIDTH, HEIGHT))
    sill = np.stack([wood * 0.7, wood * 0.9, wood * 1.3], axis=-1)
    return _develop(_blend(image, sill, (rows - HEIGHT * 0.84) / 4), rng, grain=2.5)


def sea(rng: np.random.Generator) -> Picture:
    """Clouds over water that glitters below the sun."""
    image = _sky(rng, (150, 95, 55), (120, 175, 250))
    image = _blend(image, np.full_like(image, (150, 225, 255)), _glow(HEIGHT, WIDTH, (0.4, 0.5), 0.16))
    horizon = HEIGHT * 11 // 20
    water_rows = HEIGHT - horizon
    waves = cv2.resize(spectral_noise(rng, water_rows, WIDTH // 5, 0.85), (WIDTH, water_rows))
    water = _gradient((165, 150, 120), (70, 48, 20), water_rows, WIDTH) + 20 * waves[..., None]
    columns = np.arange(WIDTH, dtype=np.float32)[None, :]
    path = np.exp(-(((columns - 0.4 * WIDTH) / (90 + 0.9 * np.arange(water_rows)[:, None])) ** 2))
    glitter = (path * (waves > 0.55)).astype(np.float32)
    image[horizon:] = _blend(water.astype(np.float32), np.full_like(water, (190, 235, 255)), 0.8 * glitter)
    return _develop(image, rng)


def meadow(rng: np.random.Generator) -> Picture:
    """Grass and flowers, small far away and large in front."""
    image = _sky(rng, (235, 175, 95), (245, 225, 195))
    horizon = HEIGHT // 3
    image[horizon:] = _gradient((110, 160, 130), (25, 80, 45), HEIGHT - horizon, WIDTH)
    canvas = np.clip(image, 0, 255).astype(np.uint8)
    for depth in np.sort(rng.random(26_000) ** 0.8):
        x, y = int(rng.integers(0, WIDTH)), int(horizon + depth * (HEIGHT - horizon))
        length = 6 + 110 * depth**1.4
        tip = (int(x + rng.normal(0, 0.3) * length), int(y - length))
        shade = rng.uniform(0.45, 1.1) * (1 - 0.35 * depth)
        green = (60 * shade, (150 + 40 * rng.random()) * shade, (90 + 70 * rng.random()) * shade)
        cv2.line(canvas, (x, y), tip, green, 1 + int(3 * depth), cv2.LINE_AA)
        if rng.random() < 0.06:
            petal = ((245, 240, 250), (70, 80, 235), (60, 210, 250))[int(rng.integers(3))]
            cv2.circle(canvas, tip, 1 + int(11 * depth), petal, -1, cv2.LINE_AA)
    return _develop(canvas.astype(np.float32), rng)


PHOTOGRAPHS: tuple[Callable[[np.random.Generator], Picture], ...] = (mountains, leaves, lights, sea, meadow)


def photograph(index: int) -> Picture:
    """Photograph `index` (0-4), HEIGHT×WIDTH×3, always the same pixels."""
    return PHOTOGRAPHS[index](np.random.default_rng(100 + index))
