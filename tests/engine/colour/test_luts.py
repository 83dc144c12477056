"""Colour tables over pictures."""

from pathlib import Path

import numpy as np
import pytest

from gpu_tasks.engine.colour import lut_stage
from gpu_tasks.engine.colour.bake import baked
from gpu_tasks.engine.surface import Surface
from gpu_tasks.errors import JobFailed
from gpu_tasks.media.cube import Cube, read_cube
from tests.engine.effects.stage import (
    KINDS,
    TINY,
    Scratch,
    colour_at,
    cpu,
    difference,
    kept,
    moment,
    plain,
    same,
    scene_surface,
    straightened,
)
from tests.media.cubes import Values, curves, grid, make_cube, teal_and_orange

pytestmark = pytest.mark.slow

BLACK_TO_WHITE = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


def coloured(path: Path, surface: Surface, amount: float = 1.0, scratch: Scratch | None = None) -> Surface:
    at = moment(size=(surface.width, surface.height), scratch=scratch)
    return kept(lut_stage(path, amount).apply(straightened(surface), at))


@pytest.fixture
def look(tmp_path: Path) -> Path:
    return make_cube(tmp_path / "look.cube", teal_and_orange(17))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_the_table_that_changes_nothing_changes_nothing(
    kind: tuple[tuple[int, int], int, bool], tmp_path: Path
) -> None:
    size, step, alpha = kind
    surface = scene_surface(size, step, alpha=alpha)
    out = coloured(make_cube(tmp_path / "same.cube", grid(5)), surface)
    assert out.is_opaque == surface.is_opaque
    wanted = straightened(surface)
    visible = np.full(wanted.y.shape, True) if wanted.alpha is None else wanted.alpha > 16
    # Where chroma of 4:2:0 is interpolated over an edge, no R'G'B' has that colour.
    assert np.percentile(np.abs(out.y.astype(int) - wanted.y)[visible], 98) <= 2


@pytest.mark.parametrize("size", TINY)
@pytest.mark.parametrize("step", [1, 2])
def test_tiny_pictures_pass(size: tuple[int, int], step: int, look: Path) -> None:
    out = coloured(look, scene_surface(size, step, alpha=True))
    assert (out.width, out.height) == size


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (205, 150, 125), (40, 90, 160)])
@pytest.mark.parametrize("step", [1, 2])
def test_even_colours_become_what_the_table_says(colour: tuple[int, int, int], step: int, look: Path) -> None:
    cube = read_cube(look)
    expected = 255 * trilinear(cube.values.astype(float), np.array(colour) / 255)
    found = colour_at(coloured(look, plain(colour, subsampling=step)), 7, 9)
    assert np.array(found) == pytest.approx(expected, abs=4)


def trilinear(values: Values, colour: Values) -> Values:
    place = colour * (len(values) - 1)
    corner = np.minimum(place.astype(int), len(values) - 2)
    r, g, b = place - corner
    cell = values[corner[0] : corner[0] + 2, corner[1] : corner[1] + 2, corner[2] : corner[2] + 2]
    return np.einsum("i,j,k,ijkc->c", [1 - r, r], [1 - g, g], [1 - b, b], cell)


def test_curves_bend_each_channel_by_itself(tmp_path: Path) -> None:
    path = make_cube(tmp_path / "curves.cube", curves(256))
    found = colour_at(coloured(path, plain((100, 150, 200))), 7, 9)
    expected = [255 * (100 / 255) ** 0.6, 150, 255 * (200 / 255) ** 1.5]
    assert found == pytest.approx(expected, abs=4)


def test_the_domain_says_where_the_table_begins_and_ends(tmp_path: Path) -> None:
    path = make_cube(tmp_path / "low.cube", grid(3), "DOMAIN_MIN 0.25 0.25 0.25", "DOMAIN_MAX 0.75 0.75 0.75")
    levels = [colour_at(coloured(path, plain((level,) * 3)), 7, 9)[0] for level in (30, 64, 128, 191, 240)]
    assert levels == pytest.approx([0, 0, 128, 255, 255], abs=2)


def test_what_leaves_the_range_is_clipped(tmp_path: Path) -> None:
    path = make_cube(tmp_path / "hot.cube", grid(3) * 3 - 1)
    levels = [colour_at(coloured(path, plain((level,) * 3)), 7, 9)[0] for level in (40, 128, 220)]
    assert levels == pytest.approx([0, 128, 255], abs=2)


def test_intensity_mixes_with_the_picture(look: Path) -> None:
    surface = scene_surface()
    full, half, slight = (coloured(look, surface, amount) for amount in (1.0, 0.5, 0.004))
    middle = (surface.y.astype(float) + full.y) / 2
    assert np.abs(half.y - middle).max() <= 2
    assert difference(slight, surface) < 0.6


def test_greys_stay_between_greys() -> None:
    """Tetrahedra share the grey diagonal; cubes' other corners must not colour it."""
    values = grid(2)
    values[1, 0, 0], values[0, 1, 1] = (0, 1, 0), (1, 0, 1)
    table = baked(Cube(values.astype(np.float32), *BLACK_TO_WHITE), 1.0)
    assert (table[16:236, 16, 16, 1:] == 128).all()


def test_the_input_is_not_written_to_and_scratch_is_of_no_consequence(look: Path) -> None:
    surface = scene_surface()
    before, scratch = kept(surface), Scratch(cpu)
    alone = coloured(look, surface)
    coloured(look, scene_surface((96, 54), 1), scratch=scratch)
    assert same(coloured(look, surface, scratch=scratch), alone)
    assert same(surface, before)


def test_a_file_that_is_no_table_fails_the_job(tmp_path: Path) -> None:
    path = tmp_path / "look.cube"
    path.write_text("LUT_3D_SIZE 2\n0 0 0\n")
    with pytest.raises(JobFailed, match="cut off"):
        lut_stage(path, 1.0)
