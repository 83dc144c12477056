"""The tasks: what each takes, and which networks do it here."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import fields_table
from apps.docs.reference.writing import SAMPLES, example, name, page, table, unsupported
from framelane.api.schema import COMPONENT
from gpu_tasks.timeline.tasks import BODIES

_EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "super_resolution": {"source_url": f"{SAMPLES}/photo.jpg", "scale": 2},
    "remove_background": {"source_url": f"{SAMPLES}/talk.mp4", "output": "color", "background_color": "#00b140"},
    "gaze_redirect": {"source_url": f"{SAMPLES}/talk.mp4", "intensity": 1},
    "transcribe": {"source_url": f"{SAMPLES}/talk.mp4", "language": "en"},
}


def pages() -> Iterable[Page]:
    """The page of tasks."""
    yield page(
        "tasks",
        "# Tasks",
        "A task does one thing to one file. It is a job like a render: queued, watched, cancelled and fetched the "
        "same way.",
        table(("task", "request", "what it does"), map(_row, entries("tasks"))),
        "[Tasks](../tasks.md) shows how to run them, [models](../models.md) what the networks may be used for, and "
        "[transcription](../transcription.md) what a transcript holds.",
        *(part for entry in entries("tasks") for part in _section(entry)),
    )


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return (f"[`{entry['type']}`](#{entry['type']})", name(f"POST {entry['path']}"), _about(entry))


def _about(entry: dict[str, Any]) -> str:
    return str(BODIES[entry["type"]].__doc__)


def _section(entry: dict[str, Any]) -> Iterator[str]:
    body = BODIES[entry["type"]]
    yield f"## {entry['type']}"
    yield f"`POST {entry['path']}`. {_about(entry)}"
    yield unsupported(entry)
    yield example(_EXAMPLES[entry["type"]], COMPONENT.format(model=body.__name__).rpartition("/")[2])
    yield fields_table(body, _parameters(entry))
    if entry["models"]:
        yield "Networks in use here:"
        yield table(("network", "architecture", "licence", "commercial use"), map(_model, entry["models"]))


def _parameters(entry: dict[str, Any]) -> dict[str, Any]:
    """The reason why a whole task does not work need not stand with each of its fields."""
    known: dict[str, dict[str, Any]] = entry["parameters"]
    if entry["supported"]:
        return known
    return {one: {**field, "supported": True} for one, field in known.items()}


def _model(model: dict[str, Any]) -> tuple[str, ...]:
    use = {True: "yes", False: "no", None: ""}[model.get("commercial_use")]
    return (name(model["type"]), model.get("architecture", model.get("provider", "")), model.get("licence", ""), use)
