"""Blend modes and fits, one picture each."""

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.described import FITS
from scripts.gallery.sheets.blending import blended
from scripts.gallery.sheets.frames import GROUND
from scripts.gallery.singles.single import Single
from scripts.gallery.tiles import Payload, picture, still, words


def blend_singles() -> tuple[Single, ...]:
    return tuple(Single("blend-modes", mode, blended(mode)) for mode in names("blend_modes"))


def fit_singles() -> tuple[Single, ...]:
    return tuple(Single("fits", name, _fit(name)) for name in FITS)


def _fit(name: str) -> Payload:
    """A tall picture in a wide box, whose edge is drawn around it."""
    box: Payload = {"width": "76%", "height": "82%"}
    edge = words(" ", id="edge", font_size=8, background=True, background_color="#ffffff", background_opacity=10)
    return still(picture("tall.png", fit=name, **box), {**edge, **box}, background_color=GROUND)
