"""The blend modes: one picture over another."""

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.described import BLEND_MODES
from scripts.gallery.tiles import CONTACT, Payload, Sheet, Strip, picture, still, words


def blend_sheets() -> tuple[Sheet, ...]:
    about = "Balloons over a portrait, and a word over both, each with the blend mode."
    plain = tuple(
        Strip(name.partition(".")[0], "", (still(picture(name)),), note="as it is")
        for name in ("portrait.png", "balloons.png")
    )
    strips = tuple(Strip(mode, BLEND_MODES[mode], (blended(mode),)) for mode in names("blend_modes"))
    return (Sheet("blend-modes", "Blend modes", about, (*plain, *strips), *CONTACT),)


def blended(mode: str) -> Payload:
    """A picture and a word over another picture."""
    over: Payload = {"blend_mode": mode, "z_index": 2}
    return still(
        words("LIGHT", text_color="#ff5a3c", y="82%", font_size=170, **over),
        picture("balloons.png", blend_mode=mode),
        picture("portrait.png", z_index=-1),
    )
