"""Bodies seen from the front, as height fields: solids joined softly, lit from the side."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from examples.sources.noise import field

Plane = NDArray[np.float32]
"""H×W."""
Colours = NDArray[np.float32]
"""H×W×3 or 3 values of linear-looking R'G'B', 0-1."""
FAR = np.float32(-9)
KEY_LIGHT = (-0.62, -0.5, 0.62)
RIM_LIGHT = (0.95, -0.25, 0.1)
"""Where the window of the portrait, and the lamp behind it, shine from."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Coordinates of a picture: x to the right, y down, in units of `unit_px` from an origin in pixels."""

    x: Plane
    y: Plane
    unit_px: float

    def noise(self, cell_px: float, seed: int) -> Plane:
        """Smooth noise in about -1…1 with features of `cell_px`."""
        return np.asarray(field(self.x.shape[0], self.x.shape[1], cell_px, seed), np.float32)

    def bump(self, at: tuple[float, float], size: tuple[float, float], turn_deg: float = 0) -> Plane:
        """A Gaussian hill of height 1 and the given deviations."""
        c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
        x, y = self.x - at[0], self.y - at[1]
        return np.asarray(
            np.exp(-(((c * x + s * y) / size[0]) ** 2 + ((c * y - s * x) / size[1]) ** 2) / 2), np.float32
        )

    def ellipse(self, at: tuple[float, float], size: tuple[float, float], soft: float = 0.01) -> Plane:
        """1 inside an ellipse with half axes `size`, 0 outside, over an edge of about `soft` units."""
        distance = np.hypot((self.x - at[0]) / size[0], (self.y - at[1]) / size[1])
        return smooth((1 - distance) * min(size) / soft + 0.5)

    def ellipsoid(self, at: tuple[float, float, float], size: tuple[float, float, float]) -> Plane:
        """Height of the front of an ellipsoid; FAR beside it."""
        rest = 1 - ((self.x - at[0]) / size[0]) ** 2 - ((self.y - at[1]) / size[1]) ** 2
        return np.where(rest > 0, at[2] + size[2] * np.sqrt(np.maximum(rest, 0)), FAR).astype(np.float32)


def ground(height: int, width: int, origin_px: tuple[float, float], unit_px: float) -> Ground:
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    return Ground((columns - origin_px[0]) / unit_px, (rows - origin_px[1]) / unit_px, unit_px)


def smooth(values: Plane) -> Plane:
    """The smoothstep of values clipped to 0-1."""
    t = np.clip(values, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def joined(one: Plane, other: Plane, width: float) -> Plane:
    """The higher of two height fields, with a rounded crease of about `width`."""
    share = np.clip(0.5 + (one - other) / (2 * width), 0, 1)
    return np.asarray(other + (one - other) * share + width * share * (1 - share), np.float32)


def normals(relief: Plane, unit_px: float) -> Colours:
    """Unit normals, H×W×3: right, down, towards the viewer."""
    across, down = (cv2.Scharr(relief, cv2.CV_32F, *axis) / 32 * unit_px for axis in ((1, 0), (0, 1)))
    facing = np.dstack([-across, -down, np.ones_like(relief)])
    return np.asarray(facing / np.linalg.norm(facing, axis=2, keepdims=True), np.float32)


def lit(facing: Colours, towards: tuple[float, float, float], wrap: float = 0.0) -> Plane:
    """Lambert's cosine; `wrap` lets the light reach around the edge, as it does in skin."""
    light = np.array(towards, np.float32) / np.linalg.norm(towards)
    return np.asarray(np.clip((facing @ light + wrap) / (1 + wrap), 0, 1), np.float32)


def gloss(facing: Colours, towards: tuple[float, float, float], hardness: float) -> Plane:
    """Blinn's highlight for a viewer in front."""
    half = np.array(towards, np.float32) / np.linalg.norm(towards) + np.array((0, 0, 1), np.float32)
    return np.asarray(np.clip(facing @ (half / np.linalg.norm(half)), 0, 1) ** hardness, np.float32)


def creases(relief: Plane, sigma_px: float) -> Plane:
    """How far places lie below their surroundings: where less light from the sky arrives."""
    held = np.maximum(relief, -2)
    return np.asarray(np.clip(cv2.GaussianBlur(held, (0, 0), sigma_px) - held, 0, 1), np.float32)


def over(picture: Colours, colour: Colours, share: Plane) -> Colours:
    return np.asarray(picture + (colour - picture) * np.clip(share, 0, 1)[..., None], np.float32)
