"""Descriptions of the enums of the timeline, which know nothing of documents."""

from typing import Any, Final

from gpu_tasks.timeline.catalogue import catalogue

_TEXTS: Final[dict[str, dict[str, str]]] = {
    "OutputFormat": {
        "mp4": "H.264 and AAC; plays everywhere.",
        "webm": "VP9 and Opus; can be transparent.",
        "mov": "ProRes and PCM for editing; can be transparent.",
        "gif": "An animation without sound.",
        "png": "One frame, without loss.",
        "jpg": "One frame, compressed.",
    },
    "EasingName": {
        "linear": "The same speed throughout.",
        "ease_in": "Starts slowly.",
        "ease_out": "Ends slowly.",
        "ease_in_out": "Starts and ends slowly.",
    },
    "MotionScope": {
        "element": "The element moves as a whole.",
        "character": "Each character of a text moves on its own.",
    },
    "BlendMode": {
        "none": "Lies over what is below.",
        "multiply": "Darkens by the product of both.",
        "screen": "Lightens by the product of the inverses.",
        "overlay": "Multiplies shadows and screens lights of what is below.",
        "darken": "The darker of both, per channel.",
        "lighten": "The lighter of both, per channel.",
        "color_dodge": "Brightens what is below towards white.",
        "color_burn": "Darkens what is below towards black.",
        "hard_light": "Multiplies or screens, depending on the element.",
        "soft_light": "A gentle hard light.",
    },
    "FontStyle": {
        "normal": "Upright.",
        "italic": "Slanted.",
        "bold": "At least weight 700.",
        "bolditalic": "Slanted, at least weight 700.",
    },
    "TextAlign": {
        "left": "Lines begin at the left edge.",
        "center": "Lines are centred.",
        "right": "Lines end at the right edge.",
    },
    "TextDecoration": {
        "none": "No line.",
        "underline": "A line below the text.",
        "strikethrough": "A line through the text.",
    },
    "TextWrap": {
        "wrap": "Breaks lines at the element's width.",
        "nowrap": "Breaks lines only where the text does.",
    },
    "WordAnimationStyle": {
        "glow": "The spoken word glows.",
        "box": "A box lies behind the spoken word.",
        "scale_pop": "Words pop up as they are spoken.",
        "slide_up": "Words slide up as they are spoken.",
        "fly_in": "Words fly in as they are spoken.",
        "color": "The spoken word changes its colour.",
    },
    "BackgroundOutput": {
        "alpha": "The person on transparency.",
        "matte": "The mask itself, white on black.",
        "color": "The person on `background_color`.",
        "blur": "The person before the blurred background.",
    },
    "AlphaFormat": {
        "webm": "VP9 and Opus, for the web.",
        "mov": "ProRes 4444 and PCM, for editing.",
    },
    "SpeechModel": {
        "universal-2": "Accurate in many languages.",
        "universal-3-pro": "The most accurate.",
        "nano": "The fastest.",
    },
    "Fit": {
        "cover": "Fills the box and cuts what stands over.",
        "contain": "Shows everything and leaves the rest of the box empty.",
        "fill": "Stretches to the box.",
        "contain_blur": "Shows everything over a blurred copy that fills the box.",
    },
}
_FROM_HINTS: Final = {"EffectType": "effects", "MotionType": "motions", "TransitionType": "transitions"}


def describe_enums(components: dict[str, Any]) -> None:
    """Add `x-enumDescriptions` to the enum components of the timeline."""
    for name in components.keys() & (_TEXTS.keys() | _FROM_HINTS.keys()):
        components[name]["x-enumDescriptions"] = _TEXTS.get(name) or _hints(_FROM_HINTS[name])


def _hints(section: str) -> dict[str, str]:
    return {entry["type"]: f"{entry['hint'][:1].upper()}{entry['hint'][1:]}." for entry in catalogue()[section]}
