"""The public catalogue: every name, range and default of the API, and which of them this engine renders.

`catalogue.json` is the published half of the contract. `SUPPORTED` is what the engine implements today; the engine's
own registries are held equal to it by a test, so capabilities, validation and rendering cannot disagree.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

NOT_YET: Final = "Not rendered by this version."


@cache
def catalogue() -> dict[str, Any]:
    """The parsed catalogue. Treat it as read-only: it is shared."""
    data: dict[str, Any] = json.loads(files("gpu_tasks.timeline").joinpath("catalogue.json").read_text("utf-8"))
    return data


def names(section: str) -> tuple[str, ...]:
    """Names of a list section (`effects`, `motions`, `transitions`) or of an enum (`easings`, `blend_modes`, ...)."""
    data = catalogue()
    if section in data:
        return tuple(entry["type"] for entry in data[section])
    return tuple(data["enums"][section])


@cache
def motion_entry(name: str) -> dict[str, Any]:
    """The catalogue's entry of a motion: its family, scopes and directions."""
    entry: dict[str, Any] = next(entry for entry in catalogue()["motions"] if entry["type"] == name)
    return entry


def limit(name: str) -> Any:
    """A value of the `limits` section."""
    return catalogue()["limits"][name]


SUPPORTED: Final[dict[str, frozenset[str]]] = {
    "element_types": frozenset({"video", "audio", "text", "image"}),
    "output_formats": frozenset({"mp4", "webm", "mov", "gif", "png", "jpg"}),
    "easings": frozenset({"linear", "ease_in", "ease_out", "ease_in_out"}),
    "motions": frozenset({"fade", "slide_up", "slide_down", "slide_left", "slide_right", "zoom_in", "ken_burns_in"}),
    "motion_scopes": frozenset({"element"}),
    "transitions": frozenset({"cross_dissolve", "dip_to_black", "wipe_left", "wipe_right", "wipe_up", "wipe_down"}),
    "effects": frozenset(),
    "blend_modes": frozenset({"none"}),
    "word_animation_styles": frozenset(),
    "animation_presets": frozenset(),
    "fits": frozenset({"cover", "contain", "fill"}),
    "task_types": frozenset(),
}

UNSUPPORTED_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "visual": (
        "x_rotation",
        "y_rotation",
        "clip",
        "color_overlay",
        "border_color",
        "border_width",
        "shadow_color",
        "shadow_blur",
        "shadow_x",
        "shadow_y",
    ),
    "look": (),
    "text": ("word_animation", "animation_preset"),
    "canvas": ("webhook_url", "ingest_external"),
}
"""Fields that are part of the contract but must stay at their default for now; anything else is refused."""


def is_supported(section: str, name: str) -> bool:
    return name in SUPPORTED[section]
