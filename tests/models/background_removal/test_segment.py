"""The packaged network finds the person of a photograph, and nobody where nobody is."""

import numpy as np
import pytest

from benchmarks.matting.pictures import background, photograph
from gpu_tasks.models.background_removal.segment import MODELS, PeopleSegmenter
from gpu_tasks.models.step import Rgb

FACE, CORNER = (slice(60, 90), slice(100, 120)), (slice(0, 60), slice(190, 256))


@pytest.mark.parametrize("model", MODELS)
def test_a_person_is_found(model: str) -> None:
    with PeopleSegmenter(model) as segmenter:
        coverage = segmenter.coverage(photograph())
    assert coverage.shape == (256, 256)
    assert coverage.min() >= 0
    assert coverage.max() <= 1
    assert coverage[FACE].mean() > 0.95
    assert coverage[CORNER].mean() < 0.05


@pytest.mark.parametrize("name", ["brick", "grass", "gravel", "grey"])
def test_nobody_is_found_where_nobody_is(name: str) -> None:
    with PeopleSegmenter() as segmenter:
        assert segmenter.coverage(background(name)).max() < 0.1


@pytest.mark.parametrize("shape", [(1, 1), (2, 3000), (3000, 2), (2160, 3840)])
def test_pictures_of_any_size_are_looked_at(shape: tuple[int, int]) -> None:
    with PeopleSegmenter() as segmenter:
        assert np.isfinite(segmenter.coverage(np.zeros((*shape, 3), np.uint8))).all()


def test_it_looks_at_every_frame_by_itself() -> None:
    def other(rgb: Rgb) -> Rgb:
        return np.ascontiguousarray(rgb[:, ::-1])

    with PeopleSegmenter() as segmenter:
        first = segmenter.coverage(photograph())
        segmenter.coverage(other(photograph()))
        assert (segmenter.coverage(photograph()) == first).all()


def test_nothing_is_written_to_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with PeopleSegmenter() as segmenter:
        segmenter.coverage(photograph())
    assert capfd.readouterr().err == ""
