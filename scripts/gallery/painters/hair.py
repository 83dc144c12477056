"""Painted hair: strands that fall from a parting, behind the neck and before the cheeks."""

import cv2
import numpy as np

from examples.sources.noise import rgb
from scripts.gallery.painters.relief import KEY_LIGHT, RIM_LIGHT, Colours, Ground, Plane, lit, normals, smooth


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
    strands = cv2.remap(table, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(np.clip(strands / 2.5, -1, 1), np.float32)


def _hair_colour(g: Ground, relief: Plane, rim: Colours, seed: int) -> Colours:
    facing = normals(cv2.GaussianBlur(relief, (0, 0), 5), g.unit_px)
    strands = _strands(g, seed)
    band = np.exp(-(((g.y + 0.52 + 0.35 * g.x**2) / 0.16) ** 2)) + 0.5 * np.exp(-(((g.y - 0.62) / 0.22) ** 2))
    shine = np.clip(0.5 + 0.9 * strands, 0, 1.6) * band * lit(facing, KEY_LIGHT, 0.4)
    light = 0.22 + 0.85 * lit(facing, KEY_LIGHT, 0.35)
    colour = rgb("#5a3119") * (light * (1 + 0.45 * strands))[..., None] + (0.42 * shine)[..., None] * rgb("#d79a62")
    edge = (0.65 * lit(facing, RIM_LIGHT) ** 2 * (1 + 0.5 * strands))[..., None] * rim
    return np.asarray(np.clip(colour + 0.8 * edge, 0, 1), np.float32)


def hair_behind(g: Ground, rim: Colours) -> tuple[Colours, Plane]:
    """What falls behind the neck onto the shoulders."""
    wave = 0.022 * np.sin(4.2 * g.y) + 0.006 * g.noise(14, 41)
    half = 0.575 + 0.13 * np.clip(g.y + 0.2, 0, 1.2)
    half = half * np.sqrt(np.clip(1 - (np.clip(-0.20 - g.y, 0, 1) / 0.665) ** 2, 0, 1)) + wave * smooth(
        (g.y + 0.7) / 0.4
    )
    body = np.sqrt(np.clip(1 - (g.x / np.maximum(half, 1e-3)) ** 2, 0, 1)) * 0.5
    end = smooth((1.12 + 0.06 * g.noise(20, 42) - g.y) / 0.22)
    cover = smooth((half - np.abs(g.x)) / 0.014) * end
    dark = _hair_colour(g, np.asarray(body, np.float32), rim, 51) * (0.45 + 0.55 * smooth(np.abs(g.x) / 0.5))[..., None]
    return np.asarray(dark, np.float32), np.asarray(cover, np.float32)


def hair_before(g: Ground, rim: Colours) -> tuple[Colours, Plane]:
    """What frames the face: parted off the middle, falling along the cheeks."""
    x = g.x + 0.06
    skull = np.hypot(g.x / 0.575, (g.y + 0.20) / 0.665)
    rough = 0.012 * g.noise(10, 43)
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
