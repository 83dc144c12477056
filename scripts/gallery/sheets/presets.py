"""The text animations as film strips."""

from gpu_tasks.timeline.presets import DESIGNED, GLYPH_MOTIONS, PRESETS, is_exit_preset
from scripts.gallery.sheets.motions import STAGE
from scripts.gallery.tiles import Payload, Sheet, Strip, film, film_strips, words

FRAME_RATE = 5
ENDLESS = frozenset({"wave", "neon_flicker", "shine_sweep"})
DURATION_S = 3
TEXT = "The golden hour\nbegins at nine"


def preset_sheets() -> tuple[Sheet, ...]:
    about = "Six moments, a fifth of a second apart; the endless ones two fifths."
    return (
        *film_strips("presets", "Text animations", about, tuple(map(_strip, DESIGNED)), per_sheet=7),
        *film_strips(
            "presets-letters", "Text animations by letter", about, tuple(map(_strip, GLYPH_MOTIONS)), per_sheet=10
        ),
    )


def lettering(name: str, duration_s: float) -> Payload:
    """The text that a preset moves."""
    style = {"font_size": 128, "font_family": "Poppins", "font_weight": 700}
    return words(TEXT, duration_s, animation_preset=name, **style)


def _strip(name: str) -> Strip:
    request = film(lettering(name, DURATION_S), duration_s=DURATION_S, frame_rate=FRAME_RATE, background_color=STAGE)
    return Strip(name, PRESETS[name], (request,), frames=_frames(name), note=PRESETS[name])


def _frames(name: str) -> tuple[int, ...]:
    """Around the beginning of the text, or around its end."""
    last = DURATION_S * FRAME_RATE
    if is_exit_preset(name):
        return tuple(range(last - 6, last))
    return tuple(range(1, 13, 2)) if name in ENDLESS else tuple(range(1, 7))
