"""How a picture fills its box, and what surrounds, turns and cuts it; the decorations of texts."""

from typing import Any, Final

from gpu_tasks.timeline.described import FITS
from scripts.gallery.tiles import CONTACT, Payload, Sheet, Strip, picture, still, words

GROUND = "#2b2f38ff"
CARD: Final[Payload] = {"width": "56%", "height": "56%"}
FRAMES: Final[dict[str, tuple[str, Payload]]] = {
    "border": ("A line along the edge.", {"border_color": "#ffffff", "border_width": 14}),
    "border_radius": ("Round corners.", {"border_radius": 56}),
    "border, round": ("Along round corners.", {"border_radius": 70, "border_color": "#ffd60a", "border_width": 12}),
    "circle": ("A radius of half the side.", {"width": 440, "height": 440, "border_radius": "50%"}),
    "shadow": ("Soft, below.", {"shadow_color": "#000000c8", "shadow_blur": 40, "shadow_y": 24, "border_radius": 24}),
    "shadow, hard": ("Without blur.", {"shadow_color": "#ff5a3c", "shadow_x": 26, "shadow_y": 26}),
    "z_rotation": ("In the plane.", {"z_rotation": "-9deg", "shadow_color": "#000000a0", "shadow_blur": 30}),
    "x_rotation": ("Lying back.", {"x_rotation": "42deg"}),
    "y_rotation": ("Turned aside.", {"y_rotation": "-42deg"}),
    "all rotations": (
        "With border and shadow.",
        {
            "x_rotation": 24, "y_rotation": 30, "z_rotation": -8, "border_color": "#ffffff", "border_width": 10,
            "border_radius": 28, "shadow_color": "#000000b0", "shadow_blur": 36, "shadow_y": 20,
        },
    ),
    "crop": ("A part of the source.", {"crop_left": 0.32, "crop_right": 0.02, "crop_bottom": 0.36}),
    "flip": ("Mirrored both ways.", {"flip_horizontal": True, "flip_vertical": True}),
    "color_overlay": ("A tint over all that is opaque.", {"color_overlay": "#1f5fffa0"}),
    "opacity": ("Half seen through.", {"opacity": 50}),
    "scale": ("Wider and lower.", {"x_scale": "130%", "y_scale": "60%"}),
}  # fmt: skip
TEXTS: Final[dict[str, tuple[str, Payload]]] = {
    "text": ("Plain.", {}),
    "background": (
        "A plate of its own.",
        {"background": True, "background_color": "#e2445c", "x_padding": 40, "y_padding": 20},
    ),
    "stroke": ("An outline alone.", {"stroke": True, "stroke_color": "#ffd60a", "stroke_width": 0.045}),
    "stroke_width": (
        "Filled, with an outline.",
        {"stroke_color": "#101014", "stroke_width": 0.07, "text_color": "#ffd60a"},
    ),
    "text shadow": ("A soft shadow.", {"shadow": True}),
    "shadow of letters": ("Soft and coloured.", {"shadow_color": "#22d3ff", "shadow_blur": 24, "shadow_y": 6}),
    "underline": ("With tight leading.", {"text_decoration": "underline", "leading": 1.0}),
    "tracking": ("Wide capitals.", {"tracking": 180, "text": "GOLDEN\nHOUR", "font_weight": 500}),
}


def frame_sheets() -> tuple[Sheet, ...]:
    strips = (
        *(_fit(name) for name in FITS),
        *(_frame(name) for name in FRAMES),
        _cut_out(),
        *(_text(name) for name in TEXTS),
    )
    about = "Fits of a tall picture, borders, shadows, turns, cuts and tints, and the decorations of texts."
    return (Sheet("frames", "Frames, fits and decorations", about, strips, *CONTACT),)


def _shot(*elements: Payload) -> tuple[Payload, ...]:
    return (still(*elements, background_color=GROUND),)


def _fit(name: str) -> Strip:
    box: dict[str, Any] = {"width": "76%", "height": "82%"}
    return Strip(f"fit {name}", FITS[name], _shot(picture("tall.png", fit=name, **box)))


def _frame(name: str) -> Strip:
    look, fields = FRAMES[name]
    return Strip(name, look, _shot(picture("balloons.png", **{**CARD, **fields})))


def _cut_out() -> Strip:
    """A picture with an alpha channel: its shadow has its shape."""
    element = picture(
        "balloon.png", width=520, height=520, shadow_color="#000000b0", shadow_blur=30, shadow_x=36, shadow_y=36
    )
    return Strip("alpha", "The shadow of a cut-out has its shape.", _shot(element))


def _text(name: str) -> Strip:
    look, fields = TEXTS[name]
    style: Payload = {"font_size": 150, "font_family": "Poppins", "font_weight": 800}
    element = {**words("Golden\nhour, jyg", **style), **fields}
    return Strip(name, look, _shot(element, picture("mountains.png", brightness=-20)))
