"""The frames of the three source clips: `natural`, `fractal` and `pattern`, each H×W×3 uint8 BGR, always the same."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.photographs import Picture, photograph

WIDTH, HEIGHT, FRAME_RATE, FRAME_COUNT = 1920, 1080, 30, 360

SHOTS = (  # photograph, then (width, centre x, centre y) of the view at the shot's begin and end, in photograph pixels
    (0, (2500.0, 1270.0, 720.0), (2100.0, 1420.0, 700.0)),
    (4, (1990.0, 1100.0, 800.0), (2060.0, 1420.0, 830.0)),
    (3, (2080.0, 1060.0, 700.0), (2440.0, 1240.0, 715.0)),
)
GRAIN_DEVIATION = 1.45
FRACTAL_CENTRE = complex(-0.743643887037151, 0.131825904205330)
FRACTAL_OCTAVES = 5
FRACTAL_ITERATIONS = 400


def natural() -> Iterator[Picture]:
    """Slow pans and zooms over three photographs, with grain that differs in every frame."""
    rng = np.random.default_rng(7)
    grain = rng.normal(0, GRAIN_DEVIATION, (HEIGHT + 256, WIDTH + 256, 1)).astype(np.float32)
    shot_frames = FRAME_COUNT // len(SHOTS)
    for index, begin, end in SHOTS:
        picture = photograph(index)
        for step in range(shot_frames):
            view = np.add(begin, np.subtract(end, begin) * (step / shot_frames))
            x, y = rng.integers(0, 256, 2)
            noise = grain[y : y + HEIGHT, x : x + WIDTH]
            yield np.clip(_view(picture, *view) + noise, 0, 255).astype(np.uint8)


def _view(picture: Picture, width: float, x: float, y: float) -> NDArray[np.float32]:
    zoom = WIDTH / width
    matrix = np.array([[zoom, 0, WIDTH / 2 - zoom * x], [0, zoom, HEIGHT / 2 - zoom * y]])
    warped = cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    return np.asarray(warped, np.float32)


def fractal() -> Iterator[Picture]:
    """A steady zoom into the Mandelbrot set: one picture of double size per octave, scaled in between."""
    per_octave = FRAME_COUNT // FRACTAL_OCTAVES
    for octave in range(FRACTAL_OCTAVES):
        # Softened to what a lens resolves: unfiltered, the set's dust costs twice the bits of any camera picture.
        picture = cv2.GaussianBlur(_mandelbrot(0.08 / 2**octave), (0, 0), 0.75)
        for step in range(per_octave):
            zoom = 2 ** (step / per_octave) / 2
            matrix = np.array([[zoom, 0, WIDTH / 2 * (1 - 2 * zoom)], [0, zoom, HEIGHT / 2 * (1 - 2 * zoom)]])
            yield np.asarray(cv2.warpAffine(picture, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR), np.uint8)


def _mandelbrot(width: float) -> Picture:
    """The set around FRACTAL_CENTRE, `width` wide on the complex plane, at twice the clip's size."""
    columns = (np.arange(2 * WIDTH) / (2 * WIDTH) - 0.5) * width + FRACTAL_CENTRE.real
    rows = (np.arange(2 * HEIGHT) / (2 * HEIGHT) - 0.5) * width * HEIGHT / WIDTH + FRACTAL_CENTRE.imag
    strips = [_escape_times(columns[None, :] + 1j * part[:, None]) for part in np.array_split(rows, HEIGHT // 4)]
    return _colours(np.concatenate(strips))


def _escape_times(c: NDArray[np.complex128]) -> NDArray[np.float32]:
    """Smooth escape time (iterations) of every point, 0 inside the set. Points that escaped are dropped as we go."""
    times = np.zeros(c.size, np.float32)
    alive, point, z = np.arange(c.size), c.ravel(), np.zeros(c.size, np.complex128)
    for iteration in range(FRACTAL_ITERATIONS):
        z = z * z + point
        size = z.real**2 + z.imag**2
        gone = size > 256
        if gone.any():
            times[alive[gone]] = iteration + 1 - np.log2(np.log2(size[gone]) / 8)
            keep = ~gone
            alive, point, z = alive[keep], point[keep], z[keep]
    return times.reshape(c.shape)


def _colours(times: NDArray[np.float32]) -> Picture:
    phase = np.sqrt(times) * 2.0
    waves = [127.5 + 127.5 * np.cos(phase * speed + shift) for speed, shift in ((1.0, 2.4), (1.13, 3.3), (0.9, 4.4))]
    return np.asarray(np.stack(waves, axis=-1) * (times > 0)[..., None], np.uint8)


def pattern() -> Iterator[Picture]:
    """Colour bars, a grey ramp that travels, a turning hand and a frame counter."""
    bars = np.repeat(
        np.array([[(1 & k) * 191, (k >> 2 & 1) * 191, (k >> 1 & 1) * 191] for k in range(7, -1, -1)]), 240, 0
    )
    ramp = np.arange(WIDTH) * 255 // WIDTH
    for index in range(FRAME_COUNT):
        frame = np.empty((HEIGHT, WIDTH, 3), np.uint8)
        frame[:760] = bars
        frame[760:] = np.roll(ramp, index * 8)[:, None]
        angle = 2 * np.pi * index / 90
        tip = (int(960 + 300 * np.sin(angle)), int(400 - 300 * np.cos(angle)))
        cv2.circle(frame, (960, 400), 330, (24, 24, 24), -1, cv2.LINE_AA)
        cv2.line(frame, (960, 400), tip, (240, 240, 240), 14, cv2.LINE_AA)
        cv2.putText(frame, f"{index:03d}", (790, 1000), cv2.FONT_HERSHEY_DUPLEX, 6, (40, 40, 240), 14, cv2.LINE_AA)
        yield frame
