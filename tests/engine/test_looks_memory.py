"""In steady state no look allocates memory of the size of a frame: what is large is kept and used again."""

import tracemalloc
from pathlib import Path
from statistics import median

import pytest

from gpu_tasks.engine.colour import colour_stages, lut_stage
from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.looks import Stage
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.request import ImageElement
from tests.engine.effects.stage import moment, scene_surface, straightened
from tests.media.cubes import make_cube, teal_and_orange

SIZE = (1280, 720)
PLANE_BYTES = SIZE[0] * SIZE[1]
MOST_PLANES = 0.5
"""Parameters on coarse grids are made with numpy for every frame (`displacement_map`), and take up to 0.45."""
WARM_UP, MEASURED = 4, 5
FIELDS = {
    "brightness": 40,
    "contrast": 30,
    "saturation": 50,
    "exposure": 20,
    "hue_rotate": 90,
    "sharpness": 50,
    "blur": 30,
    "noise": 40,
    "vignette": 60,
}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=[False, True], ids=["opaque", "with alpha"])
def picture(request: pytest.FixtureRequest) -> Surface:
    return scene_surface(SIZE, alpha=request.param)


def peak_planes(stage: Stage, picture: Surface) -> float:
    """The median over some frames of the most memory that one holds beyond what was there before, in luma planes."""
    scratch = Scratch(cpu)
    given = straightened(picture) if stage.straight and not picture.is_opaque else picture
    peaks = []
    for frame in range(WARM_UP + MEASURED):
        at = moment(frame, size=SIZE, earlier=[given], scratch=scratch)
        tracemalloc.start()
        stage.apply(given, at)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return median(peaks[WARM_UP:]) / PLANE_BYTES


class AtFull:
    """An effect at full intensity, as a stage."""

    def __init__(self, name: str) -> None:
        self._effect = EFFECTS[name]
        self.animated, self.straight = self._effect.animated, self._effect.straight

    def apply(self, picture: Surface, moment: object, /) -> Surface:
        return self._effect.apply(picture, 1.0, moment)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_an_effect_uses_its_memory_again(name: str, picture: Surface) -> None:
    assert peak_planes(AtFull(name), picture) < MOST_PLANES


@pytest.mark.parametrize("name", FIELDS)
def test_a_colour_field_uses_its_memory_again(name: str, picture: Surface) -> None:
    element = ImageElement(type="image", id="i", source_url="https://a.test/b.png", duration=1, **{name: FIELDS[name]})
    (stage,) = colour_stages(element)
    assert peak_planes(stage, picture) < MOST_PLANES


def test_a_colour_table_uses_its_memory_again(picture: Surface, tmp_path: Path) -> None:
    table = make_cube(tmp_path / "look.cube", teal_and_orange(17))
    assert peak_planes(lut_stage(table, 0.8), picture) < MOST_PLANES


def test_the_measure_sees_what_is_allocated(picture: Surface) -> None:
    """An effect that copies its picture would be found out."""

    class Copying(AtFull):
        def apply(self, picture: Surface, moment: object, /) -> Surface:
            return Surface(picture.y.copy(), picture.u.copy(), picture.v.copy(), picture.subsampling)

    assert peak_planes(Copying("sepia"), picture) > 1
