"""In steady state no look and no transition allocates memory of the size of a frame: what is large is kept."""

import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from gpu_tasks.engine.colour import colour_stages, lut_stage
from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.looks import Stage
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface, blank
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing
from gpu_tasks.timeline.request import ImageElement
from tests.engine.effects.stage import moment, scene_surface, straightened
from tests.media.cubes import make_cube, teal_and_orange

SIZE = (1280, 720)
PLANE_BYTES = SIZE[0] * SIZE[1]
MOST_PLANES = 0.5
"""Parameters on coarse grids are made with numpy for every frame (`displacement_map`), and take up to 0.45."""
MOST_PLANES_OF_A_TRANSITION = 0.75
"""Of two pictures. Lenses that change with the progress take up to 0.65 for their coarse grids (`water_drop`)."""
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
    """The median over some frames of what one holds, in luma planes."""
    scratch = Scratch(cpu)
    given = straightened(picture) if stage.straight and not picture.is_opaque else picture
    frames = range(WARM_UP + MEASURED)
    moments = [moment(frame, size=SIZE, earlier=[given], scratch=scratch) for frame in frames]
    return median([planes_held(partial(stage.apply, given, at)) for at in moments][WARM_UP:])


def planes_held(work: Callable[[], object]) -> float:
    """The most memory that a piece of work holds beyond what was there before, in luma planes."""
    tracemalloc.start()
    work()
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak_bytes / PLANE_BYTES


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


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
def test_a_transition_uses_its_memory_again(name: str, picture: Surface) -> None:
    other, out = (blank(*SIZE, 2, alpha=not picture.is_opaque) for _ in range(2))
    crossing = Crossing(cpu, Scratch(cpu), (0, 0, *SIZE), seed=3)
    steps = [(step + 0.5) / (WARM_UP + 2 * MEASURED) for step in range(WARM_UP + 2 * MEASURED)]
    held = [planes_held(partial(TRANSITIONS[name].join, picture, other, progress, out, crossing)) for progress in steps]
    assert median(held[WARM_UP:]) < MOST_PLANES_OF_A_TRANSITION


def test_the_measure_sees_what_is_allocated(picture: Surface) -> None:
    """An effect that copies its picture would be found out."""

    class Copying(AtFull):
        def apply(self, picture: Surface, moment: object, /) -> Surface:
            return Surface(picture.y.copy(), picture.u.copy(), picture.v.copy(), picture.subsampling)

    assert peak_planes(Copying("sepia"), picture) > 1
