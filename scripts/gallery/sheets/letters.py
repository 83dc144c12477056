"""The motions of letters as film strips."""

from gpu_tasks.timeline.catalogue import catalogue
from scripts.gallery.sheets.motions import strip
from scripts.gallery.tiles import Sheet, words

PER_SHEET = 10
WORD = "Aurora"


def letter_sheets() -> tuple[Sheet, ...]:
    entries = [entry for entry in catalogue()["motions"] if entry["character"]]
    parts = [entries[first : first + PER_SHEET] for first in range(0, len(entries), PER_SHEET)]
    about = "The same motions, letter by letter."
    element = words(WORD, font_size=250, font_family="Space Grotesk", font_weight=700)
    return tuple(
        Sheet(
            f"letters-{number}",
            f"Motions of letters {number} of {len(parts)}",
            about,
            tuple(strip(entry, "character", [element]) for entry in part),
            6,
            304,
        )
        for number, part in enumerate(parts, 1)
    )
