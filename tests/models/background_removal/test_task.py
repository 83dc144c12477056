"""The step: one frame for each, in order; nothing kept but what makes mattes steady; frees its network."""

import weakref
from collections.abc import Iterator
from fractions import Fraction
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest

from benchmarks.matting.pictures import background, photograph
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.background_removal.matte import Cut
from gpu_tasks.models.background_removal.options import Options
from gpu_tasks.models.background_removal.task import NOBODY, RemoveBackground, build
from gpu_tasks.models.step import ChoosesForm, Frame, NamesModels, Rgb, Warns
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.store import ModelMissing

pytestmark = pytest.mark.slow

FILM = SourceInfo("video", "mp4", "video/mp4", 1, 512, 512, has_video=True)
OPTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"output": "matte"},
    {"output": "color", "background_color": "#00B14080"},
    {"output": "blur"},
)


def film(*pictures: Rgb) -> Iterator[Frame]:
    for index, rgb in enumerate(pictures):
        yield Frame(rgb, None, Fraction(index, 25))


class LeftHalf:
    """A matter that finds a person in the left half of everything."""

    def __init__(self) -> None:
        self.closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.closed = True

    def cut(self, rgb: Rgb) -> Cut:
        matte = np.zeros(rgb.shape[:2], np.uint8)
        matte[:, : rgb.shape[1] // 2] = 255
        return Cut(matte)


@pytest.mark.parametrize("options", OPTIONS)
def test_there_is_one_frame_for_each_in_order(options: dict[str, Any]) -> None:
    pictures = [np.full((20, 30, 3), value, np.uint8) for value in range(0, 250, 50)]
    made = list(build(options, FILM).process(film(*pictures)))
    assert [frame.time_s for frame in made] == [Fraction(index, 25) for index in range(5)]
    assert {frame.rgb.shape for frame in made} == {(20, 30, 3)}


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (2000, 3)])
@pytest.mark.parametrize("options", OPTIONS)
def test_pictures_of_any_size_can_be_cut(options: dict[str, Any], shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 90, np.uint8)
    step = build(options, FILM)
    assert step.size(shape[1], shape[0]) == (shape[1], shape[0])
    made = list(step.process(film(picture, picture)))
    assert [frame.rgb.shape for frame in made] == [picture.shape] * 2


def test_a_person_is_cut_out() -> None:
    step = build({}, FILM)
    (made,) = step.process(film(photograph()))
    assert made.alpha is not None
    assert made.alpha[100, 220] == 255
    assert made.alpha[20, 480] == 0
    assert isinstance(step, Warns)
    assert not step.warnings


def test_a_film_without_people_is_background_and_says_so() -> None:
    step = build({"output": "color", "background_color": "#102030"}, FILM)
    made = list(step.process(film(background("grass"), background("brick"))))
    assert all((frame.rgb == (0x10, 0x20, 0x30)).all() for frame in made)
    assert isinstance(step, Warns)
    assert list(step.warnings) == [NOBODY]


def test_it_names_its_network_and_its_kind_of_file() -> None:
    step = build({"format": "mov"}, FILM)
    assert isinstance(step, NamesModels)
    assert step.model == "selfie-segmentation"
    assert isinstance(step, ChoosesForm)
    assert step.form(FILM) == ".mov"


@pytest.mark.parametrize("taken", [0, 1, 3])
def test_closing_early_frees_the_network(taken: int) -> None:
    matter = LeftHalf()
    made = RemoveBackground(Options(), lambda: matter).process(film(*[background("grey")] * 5))
    for _ in range(taken):
        next(made)
    made.close()  # type: ignore[attr-defined]
    assert matter.closed == (taken > 0)


def test_a_failure_of_the_source_frees_the_network() -> None:
    def broken() -> Iterator[Frame]:
        yield from film(background("grey"))
        raise JobFailed("decode_failed", "the source breaks off")

    matter = LeftHalf()
    with pytest.raises(JobFailed):
        list(RemoveBackground(Options(), lambda: matter).process(broken()))
    assert matter.closed


def test_frames_that_are_done_are_not_kept() -> None:
    given: list[weakref.ref[Rgb]] = []
    most = 0

    def pictures() -> Iterator[Frame]:
        for index in range(30):
            rgb = np.roll(background("brick"), index, axis=1)
            given.append(weakref.ref(rgb))
            yield Frame(rgb, None, Fraction(index, 25))

    for _ in build({"output": "matte"}, FILM).process(pictures()):
        most = max(most, sum(reference() is not None for reference in given))
    assert most <= 2


@pytest.mark.parametrize("kind", ["audio", "font", "lut"])
def test_a_source_without_a_picture_is_refused(kind: Any) -> None:
    with pytest.raises(JobFailed, match=kind) as caught:
        build({}, SourceInfo(kind, "mp3", "audio/mpeg", 1))
    assert caught.value.code == "invalid_source"


def test_a_network_that_is_not_installed_is_missed_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path_factory.mktemp("models")))
    with pytest.raises(ModelMissing, match="models install birefnet"):
        build({"model": "birefnet"}, FILM)
