"""Motions and whole compositions look the same from the GPU."""

from pathlib import Path

import pytest

from tests.engine.motions.stages import Use, uses
from tests.gpu.pairs import CLOSE_DB, film_db
from tests.gpu.reference import MOVING_FRAMES, SCENES, moving, scenes

SIZE = (1280, 720)
ELEMENTS = [use for use in uses("entrance", "exit", "loop") if use.scope == "element"]


@pytest.mark.parametrize("use", ELEMENTS, ids=str)
def test_a_motion_is_the_same_on_the_gpu(use: Use, sources: dict[str, Path]) -> None:
    assert film_db(moving(SIZE, use), sources, "cuda", "yuv420p", MOVING_FRAMES) >= CLOSE_DB


@pytest.mark.parametrize("size", [SIZE, (641, 361)])
@pytest.mark.parametrize("name", SCENES)
def test_a_composition_is_the_same_on_the_gpu(name: str, size: tuple[int, int], sources: dict[str, Path]) -> None:
    payload, pixel_format = next((payload, kind) for found, payload, kind in scenes(size) if found == name)
    assert film_db(payload, sources, "cuda", pixel_format, (0, 5, 9, 15)) >= CLOSE_DB
