"""Transitions, text animations and caption styles as films."""

from typing import Final

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.presets import PRESETS, is_exit_preset
from scripts.gallery.sheets.captions import SPOKEN, captioned
from scripts.gallery.sheets.motions import STAGE
from scripts.gallery.sheets.presets import ENDLESS, lettering
from scripts.gallery.sheets.transitions import PAIRS
from scripts.gallery.singles.single import Single, clip
from scripts.gallery.tiles import picture

REST_S, CHANGE_S = 0.4, 1.3
DIPS: Final = {"dip_to_black": 0.3, "dip_to_white": 0.3}
"""How much has passed in the picture of what is one colour halfway."""
TEXT_S: Final = 2.5
WORD_S: Final = 0.36
POSTER_OF_EXIT_S: Final = 0.45
"""How long before its end an exit is seen half done."""


def transition_singles() -> tuple[Single, ...]:
    return tuple(_transition(name, PAIRS[i % len(PAIRS)]) for i, name in enumerate(names("transitions")))


def _transition(name: str, pair: tuple[str, str]) -> Single:
    cut_s = REST_S + CHANGE_S / 2
    elements = [picture(pair[0], cut_s, id="from"), picture(pair[1], cut_s, id="to", time=cut_s)]
    joins = [{"type": name, "duration": CHANGE_S, "from_id": "from", "to_id": "to"}]
    request = clip(*elements, duration_s=2 * cut_s, transitions=joins)
    return Single("transitions", name, request, REST_S + CHANGE_S * DIPS.get(name, 0.42))


def preset_singles() -> tuple[Single, ...]:
    return tuple(map(_preset, PRESETS))


def _preset(name: str) -> Single:
    request = clip(lettering(name, TEXT_S), duration_s=TEXT_S, background_color=STAGE)
    if is_exit_preset(name):
        return Single("presets", name, request, TEXT_S - POSTER_OF_EXIT_S)
    return Single("presets", name, request, 1.0 if name in ENDLESS else 0.5)


def caption_singles() -> tuple[Single, ...]:
    return tuple(map(_caption, names("word_animation_styles")))


def _caption(style: str) -> Single:
    spoken = [(word, WORD_S * i, WORD_S * (i + 1)) for i, word in enumerate(SPOKEN)]
    duration_s = WORD_S * len(SPOKEN) + 0.2
    request = clip(*captioned(style, spoken, duration_s), duration_s=duration_s)
    return Single("captions", style, request, WORD_S * 3.25)
