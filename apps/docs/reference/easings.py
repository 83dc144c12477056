"""The easings, with their curves."""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.writing import example, page, unsupported
from gpu_tasks.timeline.easings import CONTROL_POINTS, LOOKS


def pages() -> Iterable[Page]:
    """The page of easings."""
    yield page(
        "easings",
        "# Easings",
        "`easing` of a motion says how its speed changes on the way; `ease_in_out` unless told otherwise.",
        "In the curves time goes to the right and the progress of the motion upwards. They are those of CSS. "
        "Motions that bounce or swing keep their own rhythm on top of it.",
        *(part for entry in entries("easings") for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    easing = entry["type"]
    points = ", ".join(f"{value:g}" for value in CONTROL_POINTS[easing])
    yield f"## {easing}"
    yield f"{LOOKS[easing]} In CSS: `cubic-bezier({points})`."
    yield unsupported(entry)
    yield f"![The curve of {easing}](../gallery/easings/{easing}.png)"
    if entry["supported"]:
        yield example({"type": "slide_right", "time": 0, "duration": 1, "easing": easing}, "motion")
