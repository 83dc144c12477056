"""The names of text animations (`animation_preset`) and what they look like. Shared by validators and the engine."""

from difflib import get_close_matches
from typing import Final

from gpu_tasks.timeline.catalogue import catalogue, looks, motion_entry

DESIGNED: Final[dict[str, str]] = {
    "typewriter": "Letters are typed one by one behind a caret, which blinks for a while at the end.",
    "word_by_word": "Words appear one after the other at reading pace.",
    "fade_up": "Words rise softly into place while they fade in.",
    "line_reveal": "Each line rises from behind an invisible edge.",
    "pop_in": "Letters pop up one after the other, a little too large at first.",
    "drop_in": "Letters fall into place and bounce.",
    "blur_in": "Letters come out of a blur from left to right.",
    "tracking_in": "Widely spaced letters glide together while they fade in.",
    "flip_in": "Letters flip up from lying flat, in perspective.",
    "slam": "Words slam down from close before the eye.",
    "glitch_in": "Letters jump and tear into red and blue until they hold still.",
    "wave": "Letters ride an endless wave.",
    "neon_flicker": "Letters flicker on like neon tubes and keep glowing.",
    "shine_sweep": "The text appears, and a glint sweeps over it again and again.",
}
"""Presets of our own. They begin with their element; all but wave, neon_flicker and shine_sweep end as plain text."""


def _by_letter(motion: str) -> str:
    look = looks("motions")[motion]
    return f"Letter by letter: {look[0].lower()}{look[1:]}"


GLYPH_MOTIONS: Final[dict[str, str]] = {
    entry["type"]: _by_letter(entry["type"]) for entry in catalogue()["motions"] if entry["family"] == "text_glyph"
}
"""Motions of letters that work as presets too: as the element begins, or as it ends where they are exits."""

PRESETS: Final[dict[str, str]] = {**DESIGNED, **GLYPH_MOTIONS}


def is_exit_preset(name: str) -> bool:
    """Whether a preset plays at the end of its element: letters that can only leave do so then."""
    return name in GLYPH_MOTIONS and not motion_entry(name)["character"]["entrance"]


def unknown_preset(name: str) -> str | None:
    """What is wrong with the name of a preset, and which it is nearest to; None when it exists."""
    if name in PRESETS:
        return None
    nearest = get_close_matches(name, PRESETS, n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"presets are {', '.join(PRESETS)}"
    return f"not an animation preset; {hint}"
