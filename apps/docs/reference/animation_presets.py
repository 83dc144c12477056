"""Every ready-made animation of texts."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.writing import example, film, index, page, unsupported
from gpu_tasks.timeline.presets import DESIGNED, is_exit_preset

_TEXT: Final = {"type": "text", "text": "The golden hour", "duration": 3, "font_size": 56, "font_weight": 700}


def pages() -> Iterable[Page]:
    """The page of animation presets."""
    known = entries("animation_presets")
    yield page(
        "animation-presets",
        "# Text animations",
        f"`animation_preset` names a ready-made animation of a text; there are {len(known)}.",
        example({**_TEXT, "animation_preset": "typewriter"}, "element"),
        "Presets begin with their element, and those that take letters away end with it. They take no parameters.",
        index("presets", ((entry["type"], entry["look"]) for entry in known)),
        "## Designed as a whole",
        *(part for entry in known if entry["type"] in DESIGNED for part in _section(entry)),
        "## Letter by letter",
        "These are [motions of letters](motions.md#for-letters-above-all) with times that fit the element.",
        *(part for entry in known if entry["type"] not in DESIGNED for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    preset = entry["type"]
    yield f"### {preset}"
    yield f"{entry['look']} It plays at the end of the element." if is_exit_preset(preset) else entry["look"]
    yield unsupported(entry)
    yield film("presets", preset, f"The text animation {preset}")
    if entry["supported"]:
        yield example({**_TEXT, "animation_preset": preset}, "element")
