"""Every effect at half and at full intensity."""

from typing import Any, Final

from gpu_tasks.timeline.catalogue import looks
from scripts.gallery.tiles import CONTACT, Payload, Sheet, Strip, picture, still

HALF_OF: Final = {"invert": 25}
"""Half a negative is grey all over: it is shown at less."""
CLIP = "flight.mp4"
CENTRED: Final = {"camera_lens_blur_bg": {"crop_left": 0.2}}
"""What keeps the middle sharp is shown a face in the middle."""

FAMILIES: Final[dict[str, tuple[str, str, dict[str, str]]]] = {
    "effects-film": (
        "Effects: film and colour",
        "Film stocks, darkroom grades, two inks and a negative.",
        {
            "vintage": "portrait.png",
            "polaroid": "balloons.png",
            "portra": "portrait.png",
            "super8": "mountains.png",
            "filmic": "portrait.png",
            "add_grain": "mountains.png",
            "sepia": "portrait.png",
            "duotone": "portrait.png",
            "cross_process": "balloons.png",
            "bleach_bypass": "portrait.png",
            "invert": "balloons.png",
        },
    ),
    "effects-light": (
        "Effects: light and blur",
        "What light does in a lens, in the air and on film, and what is out of focus.",
        {
            "glow": "city.png",
            "lens_flare": "mountains.png",
            "light_leaks": "portrait.png",
            "film_burn": "portrait.png",
            "strobe_light": "city.png",
            "snow": "city.png",
            "camera_lens_blur": "city.png",
            "camera_lens_blur_bg": "portrait.png",
            "box_blur": "balloons.png",
        },
    ),
    "effects-optics": (
        "Effects: optics, time and scopes",
        "Bent and split light, earlier frames, other ways of seeing, and a key over mountains.",
        {
            "rgb_split": "portrait.png",
            "chromatic_aberration": "city.png",
            "prism": "portrait.png",
            "optics_compensation": "city.png",
            "displacement_map": "balloons.png",
            "ghosting": CLIP,
            "echo": CLIP,
            "night_vision": "mountains.png",
            "thermal": "portrait.png",
            "viewfinder": "mountains.png",
            "chroma_key": "green.png",
        },
    ),
    "effects-print": (
        "Effects: print and pixels",
        "Few tones, pixel blocks, and the dots of a printing press.",
        {
            "posterize": "portrait.png",
            "mosaic": "balloons.png",
            "mosaic_blur": "balloons.png",
            "mosaic_posterize": "portrait.png",
            "cc_halftone": "balloons.png",
            "cc_halftone_blue": "portrait.png",
            "cc_halftone_green": "portrait.png",
            "cc_halftone_red": "portrait.png",
        },
    ),
    "effects-screens": (
        "Effects: tapes and tubes",
        "Video tape, picture tubes, and broken transmissions.",
        {
            "vhs": "portrait.png",
            "vhs_overlay": "city.png",
            "crt": "balloons.png",
            "television": "portrait.png",
            "glitch": "portrait.png",
            "compression_glitch": "balloons.png",
            "scanlines": "city.png",
        },
    ),
}
"""File, title, what it is about, and the effects with the source that shows each best."""


def effect_sheets() -> tuple[Sheet, ...]:
    return tuple(
        Sheet(file, title, about, (*_sources(sources), *_strips(sources)), *CONTACT)
        for file, (title, about, sources) in FAMILIES.items()
    )


def _sources(effects: dict[str, str]) -> tuple[Strip, ...]:
    """The plain pictures, for comparison: one row."""
    names = list(dict.fromkeys(effects.values()))[: CONTACT[0]]
    return tuple(Strip(name.partition(".")[0], "", (still(element(name)),), note="as it is") for name in names)


def _strips(effects: dict[str, str]) -> tuple[Strip, ...]:
    return tuple(_strip(effect, source, i == 0) for i, (effect, source) in enumerate(effects.items()))


def _strip(effect: str, source: str, opens_row: bool) -> Strip:
    intensities = (HALF_OF.get(effect, 50), 100)
    requests = tuple(still(*shown(effect, source, intensity)) for intensity in intensities)
    captions = tuple(map(str, intensities))
    return Strip(effect, looks("effects")[effect], requests, captions=captions, opens_row=opens_row)


def shown(effect: str, source: str, intensity: int) -> tuple[Payload, ...]:
    """What shows an effect: its source with the effect, and what is behind it."""
    applied = [{"type": effect, "intensity": intensity}]
    changed = element(source, effects=applied, **CENTRED.get(effect, {}))
    return (changed, picture("mountains.png")) if effect == "chroma_key" else (changed,)


def element(source: str, **fields: Any) -> Payload:
    """A source over the whole canvas, whether it moves or not."""
    if source.endswith(".png"):
        return picture(source, **fields)
    return {"type": "video", "id": source, "source_url": source, "volume": 0, **fields}
