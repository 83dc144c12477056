"""Every entry of the catalogue alone, for the pages that describe it."""

from scripts.gallery.singles.colour import colour_singles
from scripts.gallery.singles.effects import effect_singles
from scripts.gallery.singles.films import caption_singles, preset_singles, transition_singles
from scripts.gallery.singles.moving import motion_singles
from scripts.gallery.singles.single import Single
from scripts.gallery.singles.stills import blend_singles, fit_singles


def all_singles() -> tuple[Single, ...]:
    """Every entry that has a picture of its own."""
    makers = (
        effect_singles,
        colour_singles,
        blend_singles,
        fit_singles,
        motion_singles,
        transition_singles,
        preset_singles,
        caption_singles,
    )
    return tuple(single for make in makers for single in make())
