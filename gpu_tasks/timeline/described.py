"""What names look like that no registry of the engine describes: blend modes, captions, fits, formats."""

from typing import Final

BLEND_MODES: Final[dict[str, str]] = {
    "none": "The element covers what lies below.",
    "multiply": "Inks on paper: darkens by its own darkness, white vanishes.",
    "screen": "Two projectors: lightens by its own light, black vanishes.",
    "overlay": "Multiplies in the shadows and screens in the lights of what lies below.",
    "darken": "The darker value of each channel.",
    "lighten": "The lighter value of each channel.",
    "color_dodge": "Lets what lies below flare up, as a print that was exposed too briefly.",
    "color_burn": "Burns what lies below in, as a print that was exposed too long.",
    "hard_light": "A harsh spotlight: multiplies or screens by the element's own tones.",
    "soft_light": "A diffuse spotlight: a gentler overlay.",
}
CAPTION_STYLES: Final[dict[str, str]] = {
    "glow": "The spoken word glows, the others are dimmed.",
    "box": "A coloured plate lies behind the spoken word.",
    "scale_pop": "The spoken word pops up a little larger.",
    "slide_up": "Each word rises into its place as it is spoken.",
    "fly_in": "Each word flies in from below as it is spoken.",
    "color": "The spoken word is coloured.",
}
MARKED_BY_COLOUR: Final = frozenset({"glow", "box", "color"})
"""Caption styles that use `background_color` for the spoken word."""
FITS: Final[dict[str, str]] = {
    "cover": "Fills the box; what does not fit is cut off.",
    "contain": "Shows all of the picture; the rest of the box stays clear.",
    "fill": "Stretches the picture over the box.",
    "contain_blur": "Shows all of the picture before a blurred one that fills the box.",
}
OUTPUT_FORMATS: Final[dict[str, str]] = {
    "mp4": "Plays everywhere; begins to play before all of it is there.",
    "webm": "For web pages, and for films with transparent parts that browsers show.",
    "mov": "For editing: large files with hardly any loss, with transparent parts where `alpha` is set.",
    "gif": "A silent picture that moves, at up to 50 frames a second, with colours chosen for the film.",
    "png": "One frame without loss: the one at `poster_time`, else the first.",
    "jpg": "One frame, small: the one at `poster_time`, else the first.",
}
