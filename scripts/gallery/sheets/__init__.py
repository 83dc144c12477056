"""The sheets of the gallery, one family of the catalogue a file."""

from scripts.gallery.sheets.blending import blend_sheets
from scripts.gallery.sheets.captions import caption_sheets
from scripts.gallery.sheets.colour import colour_sheets
from scripts.gallery.sheets.effects import effect_sheets
from scripts.gallery.sheets.frames import frame_sheets
from scripts.gallery.sheets.letters import letter_sheets
from scripts.gallery.sheets.motions import motion_sheets
from scripts.gallery.sheets.presets import preset_sheets
from scripts.gallery.sheets.transitions import transition_sheets
from scripts.gallery.sheets.writing import writing_sheets
from scripts.gallery.tiles import Sheet


def all_sheets() -> tuple[Sheet, ...]:
    """Every sheet, in the order of the index."""
    makers = (
        effect_sheets,
        colour_sheets,
        blend_sheets,
        frame_sheets,
        transition_sheets,
        motion_sheets,
        letter_sheets,
        preset_sheets,
        caption_sheets,
        writing_sheets,
    )
    return tuple(sheet for make in makers for sheet in make())
