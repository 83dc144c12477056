"""A clip for checking that picture and sound stay together: dark and silent but for one flash with a beep."""

from collections.abc import Iterator

import numpy as np

from examples.sources.clip import FRAME_RATE, SAMPLE_RATE
from examples.sources.noise import Array

FLASH_S = 2.0
FLASH_FRAMES = 3
BEEP_HZ = 1000


def frames(duration_s: float) -> Iterator[Array]:
    """360×640×3 uint8; white for three frames from second 2 on."""
    dark = np.full((360, 640, 3), 16, np.uint8)
    light = np.full((360, 640, 3), 250, np.uint8)
    first = round(FLASH_S * FRAME_RATE)
    for index in range(round(duration_s * FRAME_RATE)):
        yield light if first <= index < first + FLASH_FRAMES else dark


def beep(duration_s: float) -> Array:
    """n×2 float32; a tone of 0.1 s from second 2 on, with an edge as sharp as the flash's."""
    sound = np.zeros((round(duration_s * SAMPLE_RATE), 2), np.float32)
    first, count = round(FLASH_S * SAMPLE_RATE), round(FLASH_FRAMES / FRAME_RATE * SAMPLE_RATE)
    tone = 0.7 * np.cos(2 * np.pi * BEEP_HZ * np.arange(count) / SAMPLE_RATE)
    sound[first : first + count] = tone[:, None]
    return sound
