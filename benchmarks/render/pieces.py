"""What the peers get ready-made: lettering as pictures, a mask for rounded corners.

The peers set no type while they are timed: they overlay these pictures, drawn by our own text renderer, so that all
tools show the same glyphs. That spares them work which our engine is timed for.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.lettering import draw_text
from benchmarks.render.scene import FRAME_RATE, Scene

CAPTION_STEP_FRAMES = 15
Box = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; bottom and right lie outside."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A picture with straight alpha and where its top left corner lies on the canvas, in pixels."""

    path: Path
    x: int
    y: int
    width: int
    height: int


def text_piece(scene: Scene, elements: list[dict[str, Any]], name: str, box: Box | None = None) -> Piece:
    """The given text elements drawn on one picture, cut to `box`, or else to what is not empty."""
    canvas = np.zeros((scene.height, scene.width, 4), np.float32)
    for element in elements:
        draw_text(canvas, element)
    top, bottom, left, right = box or _bounds(canvas[..., 3])
    path = scene.folder / f"{name}.png"
    cv2.imwrite(str(path), _straight_bgra(canvas[top:bottom, left:right]))
    return Piece(path, left, top, right - left, bottom - top)


def _bounds(alpha: NDArray[np.float32]) -> Box:
    """The box of what is not empty, on even pixels so that chroma needs no interpolation."""
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    return int(rows[0]) & ~1, (int(rows[-1]) + 2) & ~1, int(columns[0]) & ~1, (int(columns[-1]) + 2) & ~1


def _straight_bgra(premultiplied: NDArray[np.float32]) -> NDArray[np.uint8]:
    alpha = premultiplied[..., 3:]
    colour = premultiplied[..., 2::-1] * 255 / np.maximum(alpha, 1)
    return np.asarray(np.concatenate([np.minimum(colour, 255), alpha], axis=-1).round(), np.uint8)


def caption_states(scene: Scene) -> list[Piece]:
    """The caption band of S3 as it looks in each half second, all of one size; file names end in 00, 01, …"""
    texts = scene.of_type("text")
    band = text_piece(scene, texts, "captions-all")
    box = (band.y, band.y + band.height, band.x, band.x + band.width)
    states = []
    for index in range(scene.frame_count // CAPTION_STEP_FRAMES):
        time_s = index * CAPTION_STEP_FRAMES / FRAME_RATE
        shown = [text for text in texts if text["time"] <= time_s < text["time"] + text["duration"]]
        shown.sort(key=lambda text: text.get("z_index", 1))
        states.append(text_piece(scene, shown, f"caption-{index:02d}", box))
    return states


def rounded_mask(scene: Scene, width: int, height: int, radius: float) -> Path:
    """A grey picture, white inside a rectangle with rounded corners; edges smooth (drawn eight times as large)."""
    fine = 8
    mask = np.zeros((height * fine, width * fine), np.uint8)
    r = round(radius * fine)
    cv2.rectangle(mask, (r, 0), (width * fine - 1 - r, height * fine - 1), 255, -1)
    cv2.rectangle(mask, (0, r), (width * fine - 1, height * fine - 1 - r), 255, -1)
    for x in (r, width * fine - 1 - r):
        for y in (r, height * fine - 1 - r):
            cv2.circle(mask, (x, y), r, 255, -1)
    path = scene.folder / "rounded.png"
    cv2.imwrite(str(path), cv2.resize(mask, (width, height), interpolation=cv2.INTER_AREA))
    return path
