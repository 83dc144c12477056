"""Options are checked, and say what kind of file the result is."""

from typing import Any

import pytest

from gpu_tasks.models.background_removal.options import MODEL_SETTING, Options, parse
from gpu_tasks.timeline.sources import SourceInfo

FILM = SourceInfo("video", "mp4", "video/mp4", 1, 64, 36, has_video=True)
CLEAR_FILM = SourceInfo("video", "webm", "video/webm", 1, 64, 36, has_video=True, has_alpha=True)
PHOTOGRAPH = SourceInfo("image", "jpeg", "image/jpeg", 1, 64, 36)
CUT_OUT = SourceInfo("image", "png", "image/png", 1, 64, 36, has_alpha=True)


@pytest.fixture(autouse=True)
def _no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(MODEL_SETTING, raising=False)


def test_without_options_people_stand_on_transparency() -> None:
    assert parse({}) == Options("alpha", (255, 255, 255, 255), None, "selfie-segmentation")


def test_null_is_as_good_as_absent() -> None:
    assert parse({"output": None, "background_color": None, "format": None, "model": None}) == parse({})


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#00b140", (0, 177, 64, 255)), ("#FFFFFF80", (255, 255, 255, 128)), ("#00000000", (0, 0, 0, 0))],
)
def test_colours_are_read(text: str, colour: tuple[int, ...]) -> None:
    assert parse({"output": "color", "background_color": text}).colour == colour


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"output": "png"}, "output is 'png'; accepted are alpha, matte, color, blur"),
        ({"output": ["alpha"]}, "output is ['alpha']"),
        ({"background_color": "red"}, "background_color is 'red'; accepted are #RRGGBB and #RRGGBBAA"),
        ({"background_color": "#12345"}, "background_color is '#12345'"),
        ({"background_color": "#1234567"}, "background_color"),
        ({"background_color": "#GG0000"}, "background_color"),
        ({"background_color": "#00ff00\n"}, "background_color"),
        ({"background_color": 0x00FF00}, "background_color is 65280"),
        ({"format": "mp4"}, "format is 'mp4'; accepted are mov, webm"),
        ({"format": 3}, "format is 3"),
        ({"model": "robust"}, "model is 'robust'; accepted are selfie-segmentation"),
        ({"model": "compact-x2"}, "model"),
        ({"model": "../../etc/passwd"}, "model"),
        ({"model": {}}, "model is {}"),
    ],
)
def test_what_cannot_be_done_is_named(options: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is what is tested
        parse(options)
    assert named in str(caught.value)


def test_the_setting_chooses_the_usual_model_and_the_option_overrules_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MODEL_SETTING, "rvm-mobilenetv3")
    assert parse({}).model == "rvm-mobilenetv3"
    assert parse({"model": "selfie-segmentation"}).model == "selfie-segmentation"
    monkeypatch.setenv(MODEL_SETTING, "nonsense")
    with pytest.raises(ValueError, match=MODEL_SETTING):
        parse({})


@pytest.mark.parametrize(
    ("options", "source", "suffix"),
    [
        ({}, FILM, ".webm"),
        ({"format": "webm"}, FILM, ".webm"),
        ({"format": "mov"}, FILM, ".mov"),
        ({"output": "matte"}, FILM, ".mp4"),
        ({"output": "matte"}, CLEAR_FILM, ".mp4"),
        ({"output": "color"}, FILM, ".mp4"),
        ({"output": "color", "background_color": "#00000080"}, FILM, ".webm"),
        ({"output": "blur"}, FILM, ".mp4"),
        ({"output": "blur"}, CLEAR_FILM, ".webm"),
        ({"output": "blur", "format": "mov"}, FILM, ".mov"),
        ({}, PHOTOGRAPH, ".png"),
        ({"format": "mov"}, PHOTOGRAPH, ".png"),
        ({"output": "matte"}, PHOTOGRAPH, ".png"),
        ({"output": "color"}, PHOTOGRAPH, ".jpg"),
        ({"output": "color", "background_color": "#00000080"}, PHOTOGRAPH, ".png"),
        ({"output": "blur"}, PHOTOGRAPH, ".jpg"),
        ({"output": "blur"}, CUT_OUT, ".png"),
        ({"output": "color"}, CUT_OUT, ".png"),
    ],
)
def test_the_output_and_the_source_decide_the_file(options: dict[str, Any], source: SourceInfo, suffix: str) -> None:
    assert parse(options).form(source) == suffix
