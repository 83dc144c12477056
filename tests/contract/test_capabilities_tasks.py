"""The tasks in `GET /v1/capabilities`: their parameters, their networks, and why one is not there."""

from pathlib import Path
from typing import Any

import pytest

from apps.capabilities import tasks
from framelane.api.openapi import build
from gpu_tasks.timeline.catalogue import UNSUPPORTED_FIELDS, catalogue, names
from gpu_tasks.timeline.tasks import BODIES
from gpu_tasks.weights.catalogue import descriptors

# What is ours beyond the published parameters.
ADDITIONS = {"remove_background": {"format"}}


@pytest.fixture(autouse=True)
def assemblyai(settings: Any) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"


def described(name: str) -> dict[str, Any]:
    return next(entry for entry in tasks.description() if entry["type"] == name)


@pytest.mark.parametrize("name", names("task_types"))
def test_parameters_agree_with_the_published_types_defaults_and_ranges(name: str) -> None:
    parameters = described(name)["parameters"]
    published = {**catalogue()["tasks"]["common"], **catalogue()["tasks"][name]}
    assert set(parameters) == set(published) | ADDITIONS.get(name, set())
    for parameter, facts in published.items():
        for fact in facts.keys() & {"type", "default", "min", "max", "min_length", "max_length", "max_items"}:
            assert parameters[parameter][fact] == facts[fact], (parameter, fact)
        assert parameters[parameter].get("required", False) == facts.get("required", False)


def test_the_values_of_enums_are_listed() -> None:
    assert described("remove_background")["parameters"]["output"]["values"] == ["alpha", "matte", "color", "blur"]
    speech_models = described("transcribe")["parameters"]["speech_model"]["values"]
    assert tuple(speech_models) == names("speech_models")


@pytest.mark.parametrize("name", names("task_types"))
def test_every_task_runs_where_somebody_transcribes(name: str) -> None:
    entry = described(name)
    assert entry["supported"]
    assert entry["path"] in build()["paths"]
    assert {n for n, field in entry["parameters"].items() if not field["supported"]} == set(
        BODIES[name].model_fields
    ) & (UNSUPPORTED_FIELDS)


def test_transcription_says_how_to_enable_it(settings: Any) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    entry = described("transcribe")
    assert not entry["supported"]
    assert "FRAMELANE_ASSEMBLYAI_API_KEY" in entry["reason"]
    assert entry["models"] == []
    assert not any(field["supported"] for field in entry["parameters"].values())
    assert described("super_resolution")["supported"]


def test_a_local_model_transcribes_without_analyses(settings: Any, tmp_path: Path) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    settings.FRAMELANE_WHISPER_MODEL = tmp_path / "small.en"
    entry = described("transcribe")
    assert entry["supported"]
    assert [(model["type"], model["provider"]) for model in entry["models"]] == [("small.en", "whisper")]
    parameters = entry["parameters"]
    assert parameters["language"]["supported"]
    assert not parameters["sentiment_analysis"]["supported"]
    assert "AssemblyAI" in parameters["sentiment_analysis"]["reason"]


def test_with_both_assemblyai_transcribes(settings: Any, tmp_path: Path) -> None:
    settings.FRAMELANE_WHISPER_MODEL = tmp_path
    assert {model["provider"] for model in described("transcribe")["models"]} == {"assemblyai"}


@pytest.mark.parametrize(
    ("task", "purpose"),
    [("super_resolution", "super_resolution"), ("remove_background", "background_removal"), ("gaze_redirect", "gaze")],
)
def test_tasks_name_the_networks_that_come_with_the_software(
    task: str, purpose: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path))
    shipped = [entry for entry in descriptors() if entry.purpose == purpose and entry.packaged]
    listed = described(task)["models"]
    assert [model["type"] for model in listed] == [entry.name for entry in shipped]
    assert [model["licence"] for model in listed] == [entry.licence for entry in shipped]


def test_installed_networks_are_listed_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRAMELANE_MODELS", str(tmp_path))
    installable = next(entry for entry in descriptors() if not entry.packaged)
    task = {"background_removal": "remove_background", "gaze": "gaze_redirect"}.get(
        installable.purpose, installable.purpose
    )
    assert installable.name not in [model["type"] for model in described(task)["models"]]
    (tmp_path / installable.file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / installable.file).write_bytes(b"weights")
    assert installable.name in [model["type"] for model in described(task)["models"]]
