"""The options of the task are checked, and errors name what was given and what is accepted."""

from dataclasses import replace
from typing import Any

import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.super_resolution.enlarge import PassThrough
from gpu_tasks.models.super_resolution.task import MODEL_SETTING, Options, batch_size, build, parse
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.catalogue import UnknownModel
from gpu_tasks.weights.store import ModelMissing
from tests.models.super_resolution.pictures import IMAGE


@pytest.mark.parametrize("scale", [0, 0.99, 4.01, -2, "2", None, True, float("nan"), float("inf"), [2]])
def test_other_scales_than_one_to_four_are_refused(scale: Any) -> None:
    with pytest.raises(ValueError, match=r"scale is .*from 1 to 4"):
        parse({"scale": scale})


@pytest.mark.parametrize("variant", ["best", "", 1, "Clean", ["clean"]])
def test_unknown_variants_are_refused(variant: Any) -> None:
    with pytest.raises(ValueError, match=r"variant is .*auto, clean, robust"):
        parse({"variant": variant})


@pytest.mark.parametrize("model", ["", "nothing", 7, "../secret.pth", "selfie-segmentation", "some.pth"])
def test_models_that_the_catalogue_does_not_have_are_refused(model: Any) -> None:
    with pytest.raises(ValueError, match=r"model is .*realesrgan-x4plus"):
        parse({"model": model})


def test_without_options_the_scale_is_two_and_the_rest_is_chosen() -> None:
    assert parse({}) == Options(2, None, None)
    assert parse({"scale": 3, "variant": "auto"}) == Options(3, None, None)
    assert parse({"variant": "robust"}).variant == "robust"


def test_scale_one_needs_no_network() -> None:
    assert isinstance(build({"scale": 1}, IMAGE), PassThrough)


def test_sound_alone_cannot_be_enlarged() -> None:
    with pytest.raises(JobFailed, match="not audio"):
        build({}, SourceInfo("audio", "mp3", "audio/mpeg", 1, has_audio=True))


def test_a_network_that_is_not_installed_says_how_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path_factory.mktemp("models")))
    with pytest.raises(ModelMissing, match="models install realesrgan-x4plus"):
        build({"model": "realesrgan-x4plus"}, IMAGE)


def test_a_setting_that_names_no_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_SETTING, "nothing")
    with pytest.raises(UnknownModel, match=f"{MODEL_SETTING} is 'nothing'"):
        build({}, IMAGE)


@pytest.mark.parametrize(
    ("width", "height", "scale", "wanted"), [(320, 180, 2, 8), (1920, 1080, 2, 2), (1920, 1080, 4, 1), (1, 1, 2, 8)]
)
def test_batches_shrink_with_the_size_of_what_they_make(width: int, height: int, scale: float, wanted: int) -> None:
    assert batch_size(replace(IMAGE, width=width, height=height), scale) == wanted
