"""A painted portrait: skin, hair and cloth in soft window light, before lamps out of focus or a green screen."""

from functools import cache

import cv2
import numpy as np

from examples.sources.noise import Array, field, ramp, rgb, to_bytes
from scripts.gallery.painters.relief import (
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
KEY_LIGHT = (-0.62, -0.5, 0.62)
RIM_LIGHT = (0.95, -0.25, 0.1)
EYES = ((-0.205, -0.045), (0.205, -0.045))
GREEN = "#1fb254"


def portrait() -> Array:
    """A woman before evening lamps, HEIGHT×WIDTH×3 uint8 RGB."""
    return to_bytes(_finished(_evening(), (0.60, 0.45), rim=rgb("#ffb070")))


def green_screen() -> Array:
    """The same woman before an evenly lit green cloth, whose light spills on her."""
    rows, columns = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    falloff = 1 - 0.10 * np.hypot(columns / WIDTH - 0.5, rows / HEIGHT - 0.4)
    cloth = rgb(GREEN) * (falloff + 0.012 * field(HEIGHT, WIDTH, 90, 3))[..., None]
    return to_bytes(_finished(np.asarray(cloth, np.float32), (0.5, 0.45), rim=rgb("#59c47c")))


def _finished(picture: Colours, place: tuple[float, float], rim: Colours) -> Colours:
    """The woman over a background, with the grain of a good camera."""
    body, cover = _woman(place, tuple(map(float, rim)))
    picture = picture * (1 - cover[..., None]) + body * cover[..., None]
    picture = cv2.GaussianBlur(picture, (0, 0), 0.6)
    grain = np.random.default_rng(11).normal(0, 0.008, (HEIGHT, WIDTH, 1)).astype(np.float32)
    return np.clip(picture, 0, 1) + grain


@cache
def _woman(place: tuple[float, float], rim: tuple[float, float, float]) -> tuple[Colours, Plane]:
    g = ground(HEIGHT, WIDTH, (place[0] * WIDTH, place[1] * HEIGHT), 330)
    picture, cover = _hair_behind(g, rim)
    for colour, share in (_blouse(g, rim), _skin(g, rim), _hair_before(g, rim)):
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


def _skin(g: Ground, rim: tuple[float, float, float]) -> tuple[Colours, Plane]:
    relief = cv2.GaussianBlur(_relief(g), (0, 0), 2.0)
    facing = normals(relief, g.unit_px)
    shadow = smooth(1 - 2.4 * creases(relief, 26)) * smooth(1 - 3.0 * creases(relief, 8))
    under_chin = 1 - 0.62 * g.bump((0.05, 0.83), (0.26, 0.14))
    key = lit(facing, KEY_LIGHT, 0.30) * under_chin * shadow
    albedo = _complexion(g)
    warm_edge = rgb("#c2503a") * (4 * key * (1 - key) * 0.10)[..., None]
    light = 0.26 * rgb("#8c98b8") + (0.98 * key)[..., None] * rgb("#fff0df")
    colour = albedo * light + warm_edge * albedo
    colour = colour + (0.16 * gloss(facing, KEY_LIGHT, 14) * shadow)[..., None] * rgb("#fff3ea")
    colour = colour + (0.55 * lit(facing, RIM_LIGHT) ** 2 * shadow)[..., None] * np.array(rim, np.float32) * albedo
    colour = _with_eyes(g, np.asarray(colour, np.float32))
    outline = cv2.GaussianBlur((_relief(g) > -0.42).astype(np.float32), (0, 0), 1.0)
    bare = smooth((0.93 + 0.42 * np.abs(g.x) ** 0.8 * 0 - _neckline(g)) / 0.02)
    return colour, np.asarray(outline * np.clip(bare, 0, 1), np.float32)


def _neckline(g: Ground) -> Plane:
    """Below 0.93 there is skin, above there is cloth."""
    return np.asarray(g.y - 0.36 * np.exp(-((g.x / 0.34) ** 2)) + 0.10 * np.abs(g.x), np.float32)


def _complexion(g: Ground) -> Colours:
    base = np.broadcast_to(rgb("#e2ab8c"), (*g.x.shape, 3)).copy()
    flush = sum(g.bump((side * 0.27, 0.17), (0.12, 0.10)) for side in (-1, 1)) + 0.8 * g.bump((0, 0.2), (0.07, 0.06))
    base = over(base, rgb("#d9755f"), 0.42 * np.asarray(flush, np.float32))
    base = base * (1 + 0.022 * field(*g.x.shape, 5, 21) + 0.030 * field(*g.x.shape, 34, 22))[..., None]
    freckles = smooth((field(*g.x.shape, 4, 23) - 0.55) / 0.3) * (
        g.bump((0, 0.12), (0.26, 0.09)) + 0.3 * g.bump((0, -0.3), (0.2, 0.1))
    )
    base = over(base, rgb("#a5603f"), 0.26 * freckles)
    return _with_lips(g, _with_brows(g, base))


def _with_lips(g: Ground, skin: Colours) -> Colours:
    bow = 0.345 + 0.016 * np.exp(-((g.x / 0.025) ** 2)) - 0.010 * np.exp(-(((np.abs(g.x) - 0.05) / 0.03) ** 2))
    width = 0.165
    reach = np.sqrt(np.clip(1 - (g.x / width) ** 2, 0, 1))
    middle = 0.388 - 0.012 * (1 - reach)
    upper = smooth((g.y - (middle - (middle - bow + 0.008) * reach)) / 0.012)
    lower = smooth(((middle + 0.070 * reach**1.3) - g.y) / 0.014)
    lips = upper * lower * (np.abs(g.x) < width)
    skin = over(skin, rgb("#b8444a"), 0.80 * cv2.GaussianBlur(np.asarray(lips, np.float32), (0, 0), 1.2))
    line = np.exp(-(((g.y - middle) / 0.0065) ** 2)) * smooth((width + 0.01 - np.abs(g.x)) / 0.04)
    return over(skin, rgb("#57191f"), 0.75 * np.asarray(line, np.float32))


def _with_brows(g: Ground, skin: Colours) -> Colours:
    strands = 0.9 + 0.25 * field(*g.x.shape, 2, 31)
    for side in (-1, 1):
        along = np.clip((side * g.x - 0.085) / 0.25, 0, 1)
        spine = -0.165 - 0.050 * np.sin(np.pi * (0.12 + 0.66 * along)) + 0.012
        thick = 0.024 * (1 - along) ** 0.5 + 0.003
        inside = smooth((thick - np.abs(g.y - spine)) / 0.014) * smooth((side * g.x - 0.075) / 0.04)
        inside = inside * smooth((0.335 - side * g.x) / 0.02)
        skin = over(skin, rgb("#3a2216"), 0.80 * np.asarray(inside * strands, np.float32))
    return skin


def _with_eyes(g: Ground, skin: Colours) -> Colours:
    for x, y in EYES:
        skin = _with_eye(g, skin, x, y, 1 if x > 0 else -1)
    return skin


def _with_eye(g: Ground, skin: Colours, x: float, y: float, side: int) -> Colours:
    u = side * (g.x - x) / 0.098
    arch = np.clip(1 - u**2, 0, 1)
    upper, lower = y - 0.046 * arch**0.75 + 0.007 * u, y + 0.026 * arch**0.9 - 0.006 * u
    opening = smooth((g.y - upper) / 0.010) * smooth((lower - g.y) / 0.010) * (np.abs(u) < 1)
    skin = over(skin, rgb("#5b2f26"), 0.42 * g.bump((x, y - 0.050), (0.085, 0.020)))
    white = rgb("#e9e1dc") * (0.55 + 0.40 * smooth((g.y - upper) / 0.05))[..., None]
    eye = over(np.asarray(white, np.float32), rgb("#5c8a78"), g.ellipse((x, y - 0.006), (0.044, 0.044), 0.010))
    rays = 0.5 + 0.5 * np.sin(22 * np.arctan2(g.y - y + 0.006, g.x - x))
    eye = over(eye, rgb("#a9c9a0"), 0.35 * rays * g.ellipse((x, y + 0.004), (0.032, 0.030), 0.02))
    eye = over(
        eye,
        rgb("#1d2b29"),
        0.8 * (g.ellipse((x, y - 0.006), (0.046, 0.046), 0.008) - g.ellipse((x, y - 0.006), (0.040, 0.040), 0.010)),
    )
    eye = over(eye, rgb("#0b0d10"), g.ellipse((x, y - 0.006), (0.019, 0.019), 0.006))
    eye = eye * (0.50 + 0.50 * smooth((g.y - upper - 0.004) / 0.030))[..., None]
    eye = over(np.asarray(eye, np.float32), rgb("#ffffff"), g.ellipse((x - 0.016, y - 0.024), (0.0095, 0.0095), 0.005))
    skin = over(skin, eye, np.asarray(opening, np.float32))
    lash = np.exp(-(((g.y - upper + 0.004) / (0.0085 + 0.004 * np.clip(u, 0, 1))) ** 2)) * smooth(
        (1.12 - np.abs(u)) / 0.12
    )
    skin = over(skin, rgb("#1c0f0c"), 0.92 * np.asarray(lash, np.float32))
    below = np.exp(-(((g.y - lower - 0.002) / 0.004) ** 2)) * smooth((0.95 - np.abs(u)) / 0.3)
    return over(skin, rgb("#4a2a22"), 0.45 * np.asarray(below, np.float32))


def _strands(g: Ground, seed: int) -> Plane:
    """Fine lines that fall from the parting, -1 to 1."""
    fall = np.arctan2(g.x, 1.35 + g.y) * 300 + 3 * g.y
    wave = 6 * np.sin(2.6 * g.y + np.sign(g.x) * 0.7)
    place = np.asarray(fall + wave, np.float32)
    table = np.random.default_rng(seed).normal(0, 1, (64, 2048)).astype(np.float32)
    table = cv2.GaussianBlur(table, (0, 0), sigmaX=1.6, sigmaY=5)
    table = table / table.std()
    map_x = np.mod(place * 3.2 + 1024, 2048).astype(np.float32)
    map_y = ((g.y + 2) * 12).astype(np.float32)
    return np.clip(cv2.remap(table, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), -2.5, 2.5) / 2.5


def _hair_colour(g: Ground, relief: Plane, rim: tuple[float, float, float], seed: int) -> Colours:
    facing = normals(cv2.GaussianBlur(relief, (0, 0), 5), g.unit_px)
    strands = _strands(g, seed)
    band = np.exp(-(((g.y + 0.52 + 0.35 * g.x**2) / 0.16) ** 2)) + 0.5 * np.exp(-(((g.y - 0.62) / 0.22) ** 2))
    shine = np.clip(0.5 + 0.9 * strands, 0, 1.6) * band * lit(facing, KEY_LIGHT, 0.4)
    light = 0.22 + 0.85 * lit(facing, KEY_LIGHT, 0.35)
    colour = rgb("#5a3119") * (light * (1 + 0.45 * strands))[..., None] + (0.42 * shine)[..., None] * rgb("#d79a62")
    edge = (0.65 * lit(facing, RIM_LIGHT) ** 2 * (1 + 0.5 * strands))[..., None] * np.array(rim, np.float32)
    return np.asarray(np.clip(colour + 0.8 * edge, 0, 1), np.float32)


def _hair_behind(g: Ground, rim: tuple[float, float, float]) -> tuple[Colours, Plane]:
    """What falls behind the neck onto the shoulders."""
    wave = 0.022 * np.sin(4.2 * g.y) + 0.006 * field(*g.x.shape, 14, 41)
    half = 0.575 + 0.13 * np.clip(g.y + 0.2, 0, 1.2)
    half = half * np.sqrt(np.clip(1 - (np.clip(-0.20 - g.y, 0, 1) / 0.665) ** 2, 0, 1)) + wave * smooth(
        (g.y + 0.7) / 0.4
    )
    body = np.sqrt(np.clip(1 - (g.x / np.maximum(half, 1e-3)) ** 2, 0, 1)) * 0.5
    end = smooth((1.12 + 0.06 * field(*g.x.shape, 20, 42) - g.y) / 0.22)
    cover = smooth((half - np.abs(g.x)) / 0.014) * end
    dark = _hair_colour(g, np.asarray(body, np.float32), rim, 51) * (0.45 + 0.55 * smooth(np.abs(g.x) / 0.5))[..., None]
    return np.asarray(dark, np.float32), np.asarray(cover, np.float32)


def _hair_before(g: Ground, rim: tuple[float, float, float]) -> tuple[Colours, Plane]:
    """What frames the face: parted off the middle, falling along the cheeks."""
    x = g.x + 0.06
    skull = np.hypot(g.x / 0.575, (g.y + 0.20) / 0.665)
    rough = 0.012 * field(*g.x.shape, 10, 43)
    hairline = np.hypot(x / 0.41, (g.y - 0.17) / 0.655) + 0.6 * rough
    over_head = smooth((1.0 + 0.5 * rough - skull) / 0.02) * smooth((0.42 - g.y) / 0.3)
    front = smooth((hairline - 1.0) / 0.025)
    lock_in = 0.385 + 0.035 * np.sin(3.4 * g.y + 1.2 + 0.5 * np.sign(g.x)) + 0.08 * np.clip(g.y - 0.2, 0, 1)
    lock_out = 0.575 + 0.075 * np.sin(2.3 * g.y + 0.2) + 0.05 * np.clip(g.y, 0, 1) + rough
    ends = smooth((1.02 + 2.5 * rough - g.y) / 0.18)
    locks = (
        smooth((np.abs(g.x) - lock_in) / 0.02)
        * smooth((lock_out - np.abs(g.x)) / 0.016)
        * ends
        * smooth((g.y + 0.3) / 0.3)
    )
    cover = np.maximum(over_head * front, locks)
    across = np.clip((np.abs(g.x) - lock_in) / np.maximum(lock_out - lock_in, 0.02), 0, 1)
    body = np.maximum(
        np.sqrt(np.clip(1.0 - skull**2, 0, 1)) * 0.55, 0.25 * np.sqrt(np.clip(across * (1 - across), 0, 1))
    )
    return _hair_colour(g, np.asarray(body, np.float32), rim, 52), np.asarray(cover, np.float32)


def _blouse(g: Ground, rim: tuple[float, float, float]) -> tuple[Colours, Plane]:
    """A petrol knit with folds."""
    relief = joined(
        g.ellipsoid((0, 1.62, -0.40), (1.12, 0.80, 0.50)), g.ellipsoid((0, 0.98, -0.42), (0.40, 0.36, 0.36)), 0.10
    )
    folds = 0.035 * field(*g.x.shape, 120, 61) + 0.012 * field(*g.x.shape, 40, 62)
    facing = normals(cv2.GaussianBlur(relief + folds, (0, 0), 3), g.unit_px)
    knit = 1 + 0.10 * np.sin(g.x * 210 + 8 * g.y) * np.sin(g.y * 150)
    light = (0.20 + 0.95 * lit(facing, KEY_LIGHT, 0.15)) * knit
    colour = rgb("#156a78") * light[..., None]
    colour = colour + (0.45 * lit(facing, RIM_LIGHT) ** 2)[..., None] * np.array(rim, np.float32) * rgb("#6aa0a8")
    cover = cv2.GaussianBlur((relief > -0.42).astype(np.float32), (0, 0), 1.0)
    return np.asarray(colour, np.float32), np.asarray(cover, np.float32)
