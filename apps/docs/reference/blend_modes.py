"""Every blend mode."""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.writing import SAMPLES, example, page, picture, unsupported
from gpu_tasks.timeline.described import BLEND_MODES


def pages() -> Iterable[Page]:
    """The page of blend modes."""
    yield page(
        "blend-modes",
        "# Blend modes",
        "`blend_mode` of a video, image or text says how its colours mix with what lies below.",
        "The pictures show balloons and a word over a portrait. The formulas are those of the W3C's "
        "[Compositing and Blending](https://www.w3.org/TR/compositing-1/#blending).",
        *(part for entry in entries("blend_modes") for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    mode = entry["type"]
    yield f"## {mode}"
    yield BLEND_MODES[mode]
    yield unsupported(entry)
    yield picture("blend-modes", mode, f"The blend mode {mode}")
    if entry["supported"]:
        photo = {"type": "image", "id": "photo", "source_url": f"{SAMPLES}/photo.jpg", "duration": 2}
        below = {"type": "video", "source_url": f"{SAMPLES}/clip.mp4", "out_point": 2}
        yield example([{**photo, "blend_mode": mode}, below], "element")
