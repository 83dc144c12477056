"""A painted portrait: skin, hair and cloth in soft window light, before lamps out of focus or a green screen."""

import cv2
import numpy as np

from examples.sources.noise import Array, field, ramp, rgb, to_bytes
from scripts.gallery.painters.features import complexion, with_eyes
from scripts.gallery.painters.hair import hair_before, hair_behind
from scripts.gallery.painters.relief import (
    KEY_LIGHT,
    RIM_LIGHT,
    Colours,
    Ground,
    Plane,
    creases,
    gloss,
    ground,
    joined,
    lit,
    normals,
    over,
    smooth,
)

WIDTH, HEIGHT = 1280, 720
GREEN = "#1fb254"


def portrait() -> Array:
    """A woman before evening lamps, HEIGHT×WIDTH×3 uint8 RGB."""
    return to_bytes(_finished(_evening(), (0.60, 0.45), "#ffb070"))


def green_screen() -> Array:
    """The same woman before an evenly lit green cloth, whose light spills on her."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    falloff = 1 - 0.10 * np.hypot(columns / WIDTH - 0.5, rows / HEIGHT - 0.4)
    cloth = rgb(GREEN) * (falloff + 0.012 * field(HEIGHT, WIDTH, 90, 3))[..., None]
    return to_bytes(_finished(np.asarray(cloth, np.float32), (0.5, 0.45), "#77806a"))


def _finished(picture: Colours, place: tuple[float, float], rim: str) -> Colours:
    """The woman over a background, with the grain of a good camera."""
    body, cover = _woman(place, rgb(rim))
    soft = cv2.GaussianBlur(over(picture, body, cover), (0, 0), 0.6)
    grain = np.random.default_rng(11).normal(0, 0.008, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return np.asarray(np.clip(soft, 0, 1) + grain, np.float32)


def _woman(place: tuple[float, float], rim: Colours) -> tuple[Colours, Plane]:
    g = ground(HEIGHT, WIDTH, (place[0] * WIDTH, place[1] * HEIGHT), 330)
    picture, cover = hair_behind(g, rim)
    for colour, share in (_blouse(g, rim), _skin(g, rim), hair_before(g, rim)):
        picture = over(picture, colour, share)
        cover = np.maximum(cover, share)
    return picture, cover


def _evening() -> Colours:
    """A dusky room: a cool window on the left, warm lamps far behind."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    picture = ramp([(0, "#33506b"), (0.35, "#2c3547"), (0.7, "#3a2b33"), (1, "#1d1620")], columns / WIDTH)
    picture = picture * (1.1 - 0.5 * rows / HEIGHT)[..., None]
    random = np.random.default_rng(4)
    for _ in range(46):
        x, y = random.uniform(0.30, 1.05) * WIDTH, random.normal(0.30, 0.2) * HEIGHT
        radius, warmth = random.uniform(14, 46), random.random()
        disc = np.clip(radius - np.hypot(columns - x, rows - y), 0, 3) / 3
        edge = 0.75 + 0.25 * np.clip(np.hypot(columns - x, rows - y) / radius, 0, 1) ** 6
        colour = rgb("#ffb45e") * warmth + rgb("#ff7a59") * (1 - warmth)
        picture = picture + (disc * edge * random.uniform(0.05, 0.4))[..., None] * colour
    window = smooth((0.22 - np.abs(columns / WIDTH - 0.06)) / 0.2) * smooth((0.75 - np.abs(rows / HEIGHT - 0.35)) / 0.5)
    return np.asarray(cv2.GaussianBlur(over(picture, rgb("#a9cfe8"), 0.6 * window), (0, 0), 2.2), np.float32)


def _relief(g: Ground) -> Plane:
    """Head, neck and chest; the face is about 0.9 wide and 1.3 tall around the origin."""
    head = g.ellipsoid((0, -0.20, 0), (0.50, 0.56, 0.55))
    jaw = g.ellipsoid((0, 0.18, 0.05), (0.385, 0.50, 0.42))
    neck = g.ellipsoid((0, 0.85, -0.32), (0.255, 0.62, 0.30))
    chest = g.ellipsoid((0, 1.62, -0.42), (1.02, 0.74, 0.42))
    face = joined(head, jaw, 0.12)
    for side in (-1, 1):
        face = face + 0.050 * g.bump((side * 0.25, 0.14), (0.11, 0.09))
        face = face - 0.085 * g.bump((side * 0.205, -0.05), (0.095, 0.062))
        face = face + 0.048 * g.bump((side * 0.205, -0.045), (0.062, 0.042))
        face = face + 0.030 * g.bump((side * 0.19, -0.165), (0.11, 0.035))
        face = face + 0.060 * g.bump((side * 0.062, 0.215), (0.030, 0.026))
        face = face - 0.022 * g.bump((side * 0.175, 0.385), (0.03, 0.03))
    face = face + 0.125 * g.bump((0, 0.10), (0.038, 0.115)) + 0.115 * g.bump((0, 0.195), (0.052, 0.042))
    face = face + 0.055 * g.bump((0, 0.355), (0.105, 0.022)) + 0.062 * g.bump((0, 0.425), (0.085, 0.030))
    face = face - 0.030 * g.bump((0, 0.388), (0.12, 0.010)) - 0.022 * g.bump((0, 0.50), (0.07, 0.022))
    face = face + 0.050 * g.bump((0, 0.58), (0.085, 0.062)) - 0.015 * g.bump((0, 0.285), (0.014, 0.03))
    return joined(joined(face, neck, 0.05), chest, 0.16)


def _skin(g: Ground, rim: Colours) -> tuple[Colours, Plane]:
    relief = cv2.GaussianBlur(_relief(g), (0, 0), 2.0)
    facing = normals(relief, g.unit_px)
    shadow = smooth(1 - 2.4 * creases(relief, 26)) * smooth(1 - 3.0 * creases(relief, 8))
    under_chin = 1 - 0.62 * g.bump((0.05, 0.83), (0.26, 0.14))
    key = lit(facing, KEY_LIGHT, 0.30) * under_chin * shadow
    albedo = complexion(g)
    warm_edge = rgb("#c2503a") * (4 * key * (1 - key) * 0.10)[..., None]
    light = 0.26 * rgb("#8c98b8") + (0.98 * key)[..., None] * rgb("#fff0df")
    colour = albedo * light + warm_edge * albedo
    colour = colour + (0.16 * gloss(facing, KEY_LIGHT, 14) * shadow)[..., None] * rgb("#fff3ea")
    colour = colour + (0.55 * lit(facing, RIM_LIGHT) ** 2 * shadow)[..., None] * rim * albedo
    colour = with_eyes(g, np.asarray(colour, np.float32))
    outline = cv2.GaussianBlur((_relief(g) > -0.42).astype(np.float32), (0, 0), 1.0)
    bare = smooth((0.93 + 0.42 * np.abs(g.x) ** 0.8 * 0 - _neckline(g)) / 0.02)
    return colour, np.asarray(outline * np.clip(bare, 0, 1), np.float32)


def _neckline(g: Ground) -> Plane:
    """Below 0.93 there is skin, above there is cloth."""
    return np.asarray(g.y - 0.36 * np.exp(-((g.x / 0.34) ** 2)) + 0.10 * np.abs(g.x), np.float32)


def _blouse(g: Ground, rim: Colours) -> tuple[Colours, Plane]:
    """A petrol knit with folds."""
    relief = joined(
        g.ellipsoid((0, 1.62, -0.40), (1.12, 0.80, 0.50)), g.ellipsoid((0, 0.98, -0.42), (0.40, 0.36, 0.36)), 0.10
    )
    folds = 0.035 * g.noise(120, 61) + 0.012 * g.noise(40, 62)
    facing = normals(cv2.GaussianBlur(relief + folds, (0, 0), 3), g.unit_px)
    knit = 1 + 0.10 * np.sin(g.x * 210 + 8 * g.y) * np.sin(g.y * 150)
    light = (0.20 + 0.95 * lit(facing, KEY_LIGHT, 0.15)) * knit
    colour = rgb("#156a78") * light[..., None]
    colour = colour + (0.45 * lit(facing, RIM_LIGHT) ** 2)[..., None] * rim * rgb("#6aa0a8")
    cover = cv2.GaussianBlur((relief > -0.42).astype(np.float32), (0, 0), 1.0)
    return np.asarray(colour, np.float32), np.asarray(cover, np.float32)
