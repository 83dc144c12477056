"""Pictures drawn by chance alone: luma that has the statistics of photographs and owes nothing to any of them."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from scripts.train_super_resolution.fills import Plane, any_fill, fractal_noise, wave_phase
from scripts.train_super_resolution.lettering import write_lines

SIDE_PX = 384
_DRAWN_PX = 2 * SIDE_PX
"""Pictures are drawn at twice their size and reduced by area: edges then are as soft as a camera's."""
Luma = NDArray[np.uint8]
"""Height × width luma, full range."""
Painter = Callable[[np.random.Generator], Plane]


def picture(seed: int) -> Luma:
    """The picture of a number: SIDE_PX each way, the same on every machine with the same libraries."""
    rng = np.random.default_rng((1729, seed))
    painter = PAINTERS[rng.choice(len(PAINTERS), p=_CHANCES)]
    drawn = np.clip(painter(rng), 0, 255)
    reduced = cv2.resize(drawn, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(_photograph(rng, reduced) + 0.5, 0, 255), np.uint8)


def _photograph(rng: np.random.Generator, plane: Plane) -> Plane:
    """What a lens and a sensor add: uneven light, a curve, a little blur for half the pictures, noise for most."""
    light = 1 + 0.12 * rng.random() * fractal_light(rng)
    plane = 255 * np.clip(plane * light / 255, 0, 1) ** np.float32(rng.uniform(0.7, 1.5))
    plane = _fade(plane, float(rng.uniform(0.35, 1)))
    if rng.random() < 0.5:
        plane = cv2.GaussianBlur(plane, (0, 0), rng.uniform(0.3, 0.9))
    if rng.random() < 0.6:
        plane = plane + rng.standard_normal(plane.shape, np.float32) * np.float32(rng.uniform(0.3, 2.5))
    return np.asarray(plane, np.float32)


def _fade(plane: Plane, contrast: float) -> Plane:
    middle = np.float32(plane.mean())
    return np.asarray(middle + (plane - middle) * np.float32(contrast), np.float32)


def fractal_light(rng: np.random.Generator) -> Plane:
    """A smooth field of about −2 to 2, the size of a finished picture."""
    small = rng.standard_normal((4, 4)).astype(np.float32)
    return np.asarray(cv2.resize(small, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), np.float32)


def dead_leaves(rng: np.random.Generator) -> Plane:
    """Shapes over shapes, sizes falling with their cube (Lee, Mumford and Huang, Occlusion models, 2001)."""
    plane = any_fill(rng, _DRAWN_PX, _DRAWN_PX)
    smallest, largest = float(np.exp(rng.uniform(np.log(4), np.log(40)))), rng.uniform(100, 400)
    radii = _radii(rng, int(rng.integers(250, 1400)), smallest, largest)
    # Small shapes that lie on top are detail on surfaces; small ones beneath show in the gaps, as leaves do.
    for radius in np.sort(radii)[::-1] if rng.random() < 0.5 else radii:
        _leaf(rng, plane, float(radius))
    return plane


def _radii(rng: np.random.Generator, count: int, smallest: float, largest: float) -> NDArray[np.float64]:
    share = rng.random(count)
    return np.asarray((smallest**-2 - share * (smallest**-2 - largest**-2)) ** -0.5)


def _leaf(rng: np.random.Generator, plane: Plane, radius: float) -> None:
    centre = rng.uniform(0, _DRAWN_PX, 2)
    outline = (centre + _outline(rng, radius)).round().astype(np.int32)
    left, top = np.clip(outline.min(axis=0), 0, _DRAWN_PX - 1)
    right, bottom = np.clip(outline.max(axis=0) + 1, 1, _DRAWN_PX)
    if right - left < 2 or bottom - top < 2:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    cv2.fillPoly(mask, [outline - (left, top)], 255)
    region = plane[top:bottom, left:right]
    np.copyto(region, any_fill(rng, *mask.shape), where=mask > 0)


def _outline(rng: np.random.Generator, radius: float) -> NDArray[np.float64]:
    """Points of an ellipse, a polygon, a rectangle or a blob around the origin."""
    kind = rng.integers(4)
    corners = (32, int(rng.integers(3, 8)), 4, 48)[kind]
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False) + (np.pi / 4 if kind == 2 else 0)
    reach = np.full(corners, radius)
    if kind == 1:
        reach = radius * rng.uniform(0.5, 1.3, corners)
    if kind == 3:
        waves = rng.uniform(-0.2, 0.2, (3, 1)) * np.sin(np.outer(np.arange(2, 5), angles) + rng.uniform(0, 6, (3, 1)))
        reach = radius * (1 + waves.sum(axis=0))
    points = np.stack([np.cos(angles) * reach, np.sin(angles) * reach * np.exp(rng.uniform(-1.2, 0))], axis=1)
    turn = rng.uniform(0, np.pi) if rng.random() < 0.7 else 0.0
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return np.asarray(points @ matrix)


def fur(rng: np.random.Generator) -> Plane:
    """Thousands of thin strokes along a smooth field of directions."""
    plane = dead_leaves(rng) if rng.random() < 0.5 else any_fill(rng, _DRAWN_PX, _DRAWN_PX)
    field = np.asarray(cv2.resize(rng.uniform(-2, 2, (4, 4)), (_DRAWN_PX, _DRAWN_PX), interpolation=cv2.INTER_CUBIC))
    shade = fractal_noise(rng, _DRAWN_PX, _DRAWN_PX)
    tone, contrast, length = rng.uniform(40, 200), rng.uniform(10, 40), rng.uniform(12, 60)
    for start in rng.uniform(0, _DRAWN_PX - 1, (int(rng.integers(1500, 5000)), 2)):
        column, row = start.astype(int)
        value = tone + 25 * float(shade[row, column]) + contrast * float(rng.standard_normal())
        _stroke(rng, plane, start, field, length, value)
    return plane


def _stroke(
    rng: np.random.Generator,
    plane: Plane,
    start: NDArray[np.float64],
    field: NDArray[np.float64],
    length: float,
    tone: float,
) -> None:
    points = [start]
    for _ in range(4):
        column, row = np.clip(points[-1], 0, _DRAWN_PX - 1).astype(int)
        angle = field[row, column] + 0.1 * rng.standard_normal()
        points.append(points[-1] + length / 4 * np.array([np.cos(angle), np.sin(angle)]))
    line = (np.array(points) * 16).round().astype(np.int32)
    cv2.polylines(plane, [line], False, tone, int(rng.integers(1, 4)), cv2.LINE_8, 4)


def lettering(rng: np.random.Generator) -> Plane:
    """Lines of letters in several sizes over a plain, a gradient or a busy ground."""
    plane = dead_leaves(rng) if rng.random() < 0.3 else any_fill(rng, _DRAWN_PX, _DRAWN_PX)
    return write_lines(rng, plane)


def line_art(rng: np.random.Generator) -> Plane:
    """Lines, arcs and circles of all widths."""
    plane = any_fill(rng, _DRAWN_PX, _DRAWN_PX)
    for _ in range(int(rng.integers(30, 160))):
        tone, width = rng.uniform(0, 255), int(rng.choice((1, 2, 2, 3, 4, 6, 10)))
        first, second = rng.integers(-100, _DRAWN_PX + 100, (2, 2)).tolist()
        if rng.random() < 0.6:
            cv2.line(plane, first, second, tone, width)
        else:
            axes = rng.integers(4, 200, 2).tolist()
            cv2.ellipse(plane, first, axes, rng.uniform(0, 360), 0, rng.uniform(60, 360), tone, width)
    return plane


def facade(rng: np.random.Generator) -> Plane:
    """A periodic pattern seen in perspective: windows, tiles, fences, keyboards."""
    cell_height, cell_width = rng.integers(10, 70, 2)
    cell = dead_leaves(rng)[:cell_height, :cell_width] if rng.random() < 0.5 else any_fill(rng, cell_height, cell_width)
    cell = cell.copy()
    cv2.rectangle(cell, (0, 0), (int(cell_width * rng.uniform(0.1, 0.7)), int(cell_height)), rng.uniform(0, 255), -1)
    cell[: max(1, int(cell_height * rng.uniform(0.05, 0.5)))] = rng.uniform(0, 255)
    repeats = (-(-_DRAWN_PX // cell_height), -(-_DRAWN_PX // cell_width))
    wall = np.tile(cell, repeats)[:_DRAWN_PX, :_DRAWN_PX]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * _DRAWN_PX
    seen = corners + rng.uniform(-0.35, 0.35, (4, 2)).astype(np.float32) * _DRAWN_PX
    matrix = cv2.getPerspectiveTransform(corners, seen)
    return np.asarray(
        cv2.warpPerspective(wall, matrix, wall.shape[::-1], flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REFLECT),
        np.float32,
    )


def texture(rng: np.random.Generator) -> Plane:
    """Fractal noise alone, or bent waves like wood, water and sand."""
    noise = fractal_noise(rng, _DRAWN_PX, _DRAWN_PX)
    if rng.random() < 0.5:
        return rng.uniform(70, 180) + noise * np.float32(rng.uniform(15, 50))
    waves = np.sin(wave_phase(rng, _DRAWN_PX, _DRAWN_PX, 8) + noise * np.float32(rng.uniform(0.5, 4)))
    return rng.uniform(70, 180) + waves * np.float32(rng.uniform(15, 60))


def mixture(rng: np.random.Generator) -> Plane:
    """One picture shows through the shapes of another."""
    first, second = (PAINTERS[i](rng) for i in rng.integers(0, len(PAINTERS) - 1, 2))
    chosen = fractal_noise(rng, _DRAWN_PX, _DRAWN_PX) > rng.uniform(-0.5, 0.5)
    smooth = cv2.GaussianBlur(chosen.astype(np.float32), (0, 0), rng.uniform(1, 3))
    return np.asarray(first + (second - first) * smooth, np.float32)


PAINTERS: tuple[Painter, ...] = (dead_leaves, fur, lettering, line_art, facade, texture, mixture)
_CHANCES = (0.44, 0.14, 0.1, 0.07, 0.12, 0.05, 0.08)
