"""The sources that random requests name."""

from pathlib import Path

import numpy as np
import pytest

from tests.engine.effects.stage import scene
from tests.engine.films import make_film, moving_scene
from tests.media.cubes import curves, make_cube, teal_and_orange
from tests.media.make import make_alpha_webm, make_clip, make_image, make_rotated_clip, make_sound, quadrants


@pytest.fixture(scope="package")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every source of `tests.property.requests` by the name that stands in its URL."""
    return make_sources(tmp_path_factory.mktemp("sources"))


def make_sources(folder: Path) -> dict[str, Path]:
    faded = np.dstack([scene(57, 38), np.linspace(0, 255, 57 * 38).reshape(38, 57).astype(np.uint8)])
    made = [
        make_clip(folder / "clip.mp4", duration_s=1, width=96, height=54),
        make_rotated_clip(folder / "turned.mov", 90, duration_s=1, width=64, height=48, sound=False),
        make_alpha_webm(folder / "veil.webm", width=50, height=40),
        make_clip(folder / "odd.mp4", duration_s=0.5, width=62, height=34, frame_rate=25),
        make_film(folder / "moving.mp4", moving_scene(96, 54, 24), 24),
        make_image(folder / "photo.png", quadrants(61, 43)),
        make_image(folder / "cutout.png", faded),
        make_sound(folder / "tone.mp3", duration_s=1),
        make_cube(folder / "look.cube", teal_and_orange(5)),
        make_cube(folder / "curve.cube", curves(7)),
    ]
    return {path.name: path for path in made}
