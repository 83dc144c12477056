"""The sources of the golden frames: painted from formulas, stored without loss."""

from collections.abc import Iterator
from itertools import repeat
from pathlib import Path

import numpy as np

from tests.engine.effects.stage import Picture, scene
from tests.engine.films import make_film, moving_scene
from tests.media.cubes import make_cube, teal_and_orange
from tests.media.make import make_image

WIDTH, HEIGHT = 80, 46
CLIP_RATE, CLIP_FRAMES = 24, 48


def make_sources(folder: Path) -> dict[str, Path]:
    """Three clips of 24 frames a second, three pictures (one with a transparent rim) and a colour table, by URL."""
    made = [
        make_film(folder / "clip.mp4", moving_scene(WIDTH, HEIGHT, CLIP_FRAMES), CLIP_RATE),
        make_film(folder / "lamps.mp4", lamps(WIDTH, HEIGHT, CLIP_FRAMES), CLIP_RATE),
        make_film(folder / "meadow.mp4", repeat(meadow(WIDTH, HEIGHT), CLIP_FRAMES), CLIP_RATE),
        make_image(folder / "photo.png", scene(WIDTH, HEIGHT)),
        make_image(folder / "wall.png", wall(WIDTH, HEIGHT)),
        make_image(folder / "badge.png", badge(WIDTH, HEIGHT)),
        make_cube(folder / "look.cube", teal_and_orange(9)),
    ]
    return {path.name: path for path in made}


def lamps(width: int, height: int, count: int) -> Iterator[Picture]:
    """Coloured discs that wander over a dark ground: smooth, so that a sheet of it stays small."""
    x, y = np.meshgrid(np.linspace(0, width / height, width), np.linspace(0, 1, height))
    colours = ((0.95, 0.35, 0.3), (0.98, 0.8, 0.3), (0.35, 0.75, 0.95), (0.9, 0.9, 0.95))
    for index in range(count):
        picture = np.stack([0.1 + 0.1 * y, 0.08 + 0.06 * y, 0.25 + 0.2 * y], axis=-1)
        for place, colour in enumerate(colours):
            centre = (0.3 + 0.4 * place + 0.006 * index, 0.3 + 0.4 * (place % 2) - 0.004 * index)
            cover = np.clip((0.22 - np.hypot(x - centre[0], y - centre[1])) * height, 0, 1)[..., None]
            picture = picture * (1 - cover) + np.array(colour) * cover
        yield np.rint(picture * 255).astype(np.uint8)


def meadow(width: int, height: int) -> Picture:
    """Sky, hills and a sun: smooth and bright where the scene is busy."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    sky = np.stack([0.45 + 0.3 * y, 0.65 + 0.2 * y, 0.95 - 0.1 * y], axis=-1)
    grass = np.stack([0.25 + 0.2 * x, 0.55 - 0.2 * y + 0.1 * x, 0.15 + 0.1 * x], axis=-1)
    hill = (y > 0.55 + 0.12 * np.sin(5 * x))[..., None]
    sun = (np.hypot((x - 0.75) * width / height, y - 0.25) < 0.13)[..., None]
    picture = np.where(hill, grass, np.where(sun, np.array([1.0, 0.93, 0.6]), sky))
    return np.rint(picture * 255).astype(np.uint8)


def wall(width: int, height: int) -> Picture:
    """A calm background: two greys."""
    picture = np.full((height, width, 3), (70, 74, 84), np.uint8)
    picture[height * 3 // 4 :] = (110, 104, 96)
    return picture


def badge(width: int, height: int) -> Picture:
    """The meadow in an oval with a soft rim; red, green, blue and straight alpha."""
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    alpha = np.clip((1 - np.hypot(x, y)) * 8, 0, 1)
    return np.dstack([meadow(width, height), np.rint(alpha * 255).astype(np.uint8)])
