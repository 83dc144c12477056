"""The motions of letters as film strips."""

from gpu_tasks.timeline.catalogue import catalogue
from scripts.gallery.sheets.motions import strip
from scripts.gallery.tiles import Payload, Sheet, film_strips, words

WORD = "Aurora"


def lettering() -> Payload:
    """The word whose letters move."""
    return words(WORD, font_size=250, font_family="Space Grotesk", font_weight=700)


def letter_sheets() -> tuple[Sheet, ...]:
    entries = [entry for entry in catalogue()["motions"] if entry["character"]]
    strips = tuple(strip(entry, "character", [lettering()]) for entry in entries)
    return film_strips("letters", "Motions of letters", "The same motions, letter by letter.", strips, per_sheet=10)
