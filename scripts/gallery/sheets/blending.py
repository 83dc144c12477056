"""The blend modes: one picture over another."""

from typing import Final

from gpu_tasks.timeline.catalogue import names
from scripts.gallery.tiles import CONTACT, Payload, Sheet, Strip, picture, still, words

LOOKS: Final[dict[str, str]] = {
    "none": "The element covers what lies below.",
    "multiply": "Inks on paper: darkens by its own darkness, white vanishes.",
    "screen": "Two projectors: lightens by its own light, black vanishes.",
    "overlay": "Multiplies in the shadows and screens in the lights of what lies below.",
    "darken": "The darker value of each channel.",
    "lighten": "The lighter value of each channel.",
    "color_dodge": "Lets what lies below flare up, as a print that was exposed too briefly.",
    "color_burn": "Burns what lies below in, as a print that was exposed too long.",
    "hard_light": "A harsh spotlight: multiplies or screens by the element's own tones.",
    "soft_light": "A diffuse spotlight: a gentler overlay.",
}


def blend_sheets() -> tuple[Sheet, ...]:
    about = "Balloons over a portrait, and a word over both, each with the blend mode."
    plain = tuple(
        Strip(name.partition(".")[0], "", (still(picture(name)),), note="as it is")
        for name in ("portrait.png", "balloons.png")
    )
    strips = tuple(Strip(mode, LOOKS[mode], (blended(mode),)) for mode in names("blend_modes"))
    return (Sheet("blend-modes", "Blend modes", about, (*plain, *strips), *CONTACT),)


def blended(mode: str) -> Payload:
    """A picture and a word over another picture."""
    over: Payload = {"blend_mode": mode, "z_index": 2}
    return still(
        words("LIGHT", text_color="#ff5a3c", y="82%", font_size=170, **over),
        picture("balloons.png", blend_mode=mode),
        picture("portrait.png", z_index=-1),
    )
