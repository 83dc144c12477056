"""A page for each type of element, with every field."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from pydantic import BaseModel

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import fields_table
from apps.docs.reference.writing import SAMPLES, example, page, unsupported
from gpu_tasks.timeline.request import AudioElement, ImageElement, TextElement, VideoElement

MODELS: Final[dict[str, type[BaseModel]]] = {
    "video": VideoElement,
    "image": ImageElement,
    "text": TextElement,
    "audio": AudioElement,
}
_TRANSITION_NOTE: Final = (
    "Where a transition joins two videos on a cut, both play on into what lies beyond their trim points."
)
ABOUT: Final = {
    "video": (
        "A film from an address, with its sound. It begins at `time` and ends where its source ends, or at "
        "`out_point`; it has no `duration`."
    ),
    "image": "A still picture, shown for `duration` seconds. It needs an `id`.",
    "text": "Words, set in one of the [fonts](../fonts.md), as a title, a line or [captions](../captions.md).",
    "audio": "Sound without a picture: music, speech, effects. All sounds of a film are mixed, and never overdriven.",
}
EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "video": {"type": "video", "source_url": f"{SAMPLES}/clip.mp4", "in_point": 0.5, "out_point": 2.5, "volume": 80},
    "image": {
        "type": "image",
        "id": "logo",
        "source_url": f"{SAMPLES}/logo.png",
        "duration": 2,
        "width": "20%",
        "x": "88%",
        "y": "14%",
    },
    "text": {
        "type": "text",
        "text": "The golden hour",
        "duration": 2,
        "y": "80%",
        "font_family": "Poppins",
        "font_size": 40,
        "font_weight": 700,
        "shadow": True,
    },
    "audio": {"type": "audio", "source_url": f"{SAMPLES}/music.mp3", "out_point": 2, "fade_out_duration": 0.5},
}
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "What it is, and when": ("type", "id", "name", "source_url", "text", "time", "duration", "visible", "track"),
    "Which part, and how fast": ("in_point", "out_point", "speed"),
    "Sound": ("volume", "fade_in_duration", "fade_out_duration"),
    "Letters": (
        "font_family", "font_size", "font_weight", "font_style", "text_color", "text_align",
        "text_decoration", "text_wrap", "tracking", "leading", "stroke", "stroke_color", "stroke_width", "shadow",
    ),
    "Plate behind the text": ("background", "background_color", "background_opacity", "x_padding", "y_padding"),
    "Captions and ready-made animations": ("word_animation", "animation_preset"),
    "Place and size": (
        "x", "y", "x_anchor", "y_anchor", "width", "height", "aspect_ratio", "fit", "x_scale", "y_scale",
        "clip", "z_index",
    ),
    "Part of the picture": ("crop_left", "crop_right", "crop_top", "crop_bottom"),
    "Turning and mirroring": ("x_rotation", "y_rotation", "z_rotation", "flip_horizontal", "flip_vertical"),
    "How it covers what lies below": ("opacity", "blend_mode", "color_overlay"),
    "Border and shadow": (
        "border_radius", "border_color", "border_width", "shadow_color", "shadow_blur", "shadow_x", "shadow_y",
    ),
    "Colour": (
        "brightness", "contrast", "saturation", "exposure", "hue_rotate", "sharpness", "blur", "noise", "vignette",
        "lut_url", "lut_intensity",
    ),
    "Motions and effects": ("motion", "effects"),
}  # fmt: skip
NOTES: Final = {
    "Sound": "The fades are those of the sound; a picture fades by the [motion](../motions.md#fade) `fade`.",
    "Place and size": (
        "`x` and `y` say where the anchor point lies, the middle of the element unless told otherwise. Given one "
        "of `width` and `height`, the other follows from the shape of the source; given neither, the element "
        "covers the canvas. [Formats and fits](../formats.md#fits) shows how media fill their box."
    ),
    "Part of the picture": "The crops of opposite edges must add up to less than 1.",
    "How it covers what lies below": "[Blend modes](../blend-modes.md) shows each of them.",
    "Colour": "0 leaves the picture as it is. [Colour](../colour.md) shows each field.",
    "Motions and effects": "[Motions](../motions.md) and [effects](../effects.md) list them.",
    "Captions and ready-made animations": (
        "See [captions](../captions.md) and [text animations](../animation-presets.md)."
    ),
    "Plate behind the text": "At most one of `background`, `stroke` and `shadow` may be true.",
}
ORDER: Final = (
    "## In which order\n\nDecoding, crop, colour, colour table, effects in the order of their list, fit, round "
    "corners, border and shadow, motions, opacity, blend mode."
)


def pages() -> Iterable[Page]:
    """A page for every type of element."""
    known = {entry["type"]: entry for entry in entries("element_types")}
    return [_page(name, known[name]) for name in MODELS]


def _page(name: str, entry: dict[str, Any]) -> Page:
    return page(
        f"elements/{name}",
        f"# {name.capitalize()}",
        ABOUT[name],
        unsupported(entry),
        example(EXAMPLES[name], "element"),
        *_groups(name, entry["fields"]),
        _TRANSITION_NOTE if name == "video" else "",
        ORDER if name in ("video", "image") else "",
    )


def _groups(name: str, fields: dict[str, Any]) -> Iterator[str]:
    for title, names in GROUPS.items():
        if chosen := [one for one in names if one in fields]:
            yield f"## {title}"
            yield fields_table(MODELS[name], fields, chosen)
            yield _note(title, name)


def _note(title: str, name: str) -> str:
    """Texts have no fit, and audio nothing that could be seen."""
    if title == "Place and size" and name == "text":
        return (
            "`x` and `y` say where the anchor point lies, the middle of the text unless told otherwise. Lines are "
            "broken at `width`, a share of the canvas."
        )
    if title == "Motions and effects" and name == "text":
        return "[Motions](../motions.md) lists them; those of letters have the scope `character`."
    return NOTES.get(title, "")
