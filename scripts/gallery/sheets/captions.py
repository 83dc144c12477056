"""The caption styles as film strips: a line that is spoken word by word."""

from typing import Final

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.described import CAPTION_STYLES
from scripts.gallery.tiles import Payload, Sheet, Strip, film, film_strips, picture, words

FRAME_RATE = 2
SPOKEN = ("Lights", "come", "on", "all", "over", "town")
LATE_S = 0.08
"""A word begins this long before its frame, so that its entrance is seen under way."""
COLOURS: Final[dict[str, str]] = {"glow": "#ffe08a", "box": "#e2445c", "color": "#ffd60a"}


def caption_sheets() -> tuple[Sheet, ...]:
    strips = tuple(map(_strip, names("word_animation_styles")))
    about = "Six words, one after the other, each a moment after it began."
    return film_strips("captions", "Caption styles", about, strips)


def _strip(style: str) -> Strip:
    spoken = [(word, (i + 1) / FRAME_RATE - LATE_S, (i + 2) / FRAME_RATE - LATE_S) for i, word in enumerate(SPOKEN)]
    request = film(*captioned(style, spoken, 5), duration_s=5, frame_rate=FRAME_RATE)
    return Strip(style, CAPTION_STYLES[style], (request,), frames=tuple(range(1, 7)), note=CAPTION_STYLES[style])


def captioned(style: str, spoken: list[tuple[str, float, float]], duration_s: float) -> tuple[Payload, Payload]:
    """A line of words, each with its beginning and end in seconds, over a blurred city."""
    track = [{"text": word, "start": round(start, 3), "end": round(end, 3)} for word, start, end in spoken]
    coloured = {"background_color": COLOURS[style]} if style in COLOURS else {}
    text = words(
        " ".join(word for word, _, _ in spoken), duration_s, word_animation={"style": style, "words": track},
        y="70%", width="80%", font_family="Montserrat", stroke_color="#101014", stroke_width=0.04, **coloured,
    )  # fmt: skip
    return text, picture("city.png", blur=8, brightness=-12)
