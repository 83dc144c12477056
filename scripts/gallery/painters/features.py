"""The features of a painted face: complexion, lips, brows and eyes."""

import cv2
import numpy as np

from examples.sources.noise import rgb
from scripts.gallery.painters.relief import Colours, Ground, over, smooth

EYES = ((-0.205, -0.045), (0.205, -0.045))


def complexion(g: Ground) -> Colours:
    base = np.broadcast_to(rgb("#e2ab8c"), (*g.x.shape, 3)).copy()
    flush = sum(g.bump((side * 0.27, 0.17), (0.12, 0.10)) for side in (-1, 1)) + 0.8 * g.bump((0, 0.2), (0.07, 0.06))
    base = over(base, rgb("#d9755f"), 0.42 * np.asarray(flush, np.float32))
    base = base * (1 + 0.022 * g.noise(5, 21) + 0.030 * g.noise(34, 22))[..., None]
    freckles = smooth((g.noise(4, 23) - 0.55) / 0.3) * (
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
    strands = 0.9 + 0.25 * g.noise(2, 31)
    for side in (-1, 1):
        along = np.clip((side * g.x - 0.085) / 0.25, 0, 1)
        spine = -0.165 - 0.050 * np.sin(np.pi * (0.12 + 0.66 * along)) + 0.012
        thick = 0.024 * (1 - along) ** 0.5 + 0.003
        inside = smooth((thick - np.abs(g.y - spine)) / 0.014) * smooth((side * g.x - 0.075) / 0.04)
        inside = inside * smooth((0.335 - side * g.x) / 0.02)
        skin = over(skin, rgb("#3a2216"), 0.80 * np.asarray(inside * strands, np.float32))
    return skin


def with_eyes(g: Ground, skin: Colours) -> Colours:
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
