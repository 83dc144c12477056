"""The colour fields from one end to the other, and colour tables."""

from typing import Final

from scripts.gallery.tiles import CONTACT, Sheet, Strip, picture, still

TWO_SIDED: Final[dict[str, tuple[str, str, tuple[int, ...]]]] = {
    "brightness": ("portrait.png", "Adds light or takes it away.", (-100, -50, 50, 100)),
    "contrast": ("portrait.png", "Pushes tones apart, or together towards grey.", (-100, -50, 50, 100)),
    "saturation": ("balloons.png", "From grey to vivid colours.", (-100, -50, 50, 100)),
    "exposure": ("mountains.png", "As if the shutter had been open shorter or longer.", (-100, -50, 50, 100)),
    "hue_rotate": ("balloons.png", "Turns every colour around the colour circle.", (-180, -90, 90, 180)),
}
ONE_SIDED: Final[dict[str, tuple[str, str, tuple[int, ...]]]] = {
    "sharpness": ("mountains.png", "Crisper edges and texture.", (50, 100)),
    "blur": ("city.png", "An even softness.", (20, 100)),
    "noise": ("portrait.png", "Grain, new in every frame.", (50, 100)),
    "vignette": ("balloons.png", "The corners fall into the dark.", (50, 100)),
}
TABLES: Final = {"dusk.cube": "A 3D table: teal shadows, orange lights.", "faded.cube": "A 1D table: a faded print."}


def colour_sheets() -> tuple[Sheet, ...]:
    about = (
        "The same picture at several values of one field; 0 leaves it as it is. Tables at half and at full intensity."
    )
    fields = tuple(_strip(name, *entry) for name, entry in (TWO_SIDED | ONE_SIDED).items())
    return (Sheet("colour", "Colour fields and tables", about, (*fields, *map(_table, TABLES)), *CONTACT),)


def _strip(field: str, source: str, look: str, values: tuple[int, ...]) -> Strip:
    requests = tuple(still(picture(source, **{field: value})) for value in values)
    return Strip(field, look, requests, captions=tuple(signed(value, field in TWO_SIDED) for value in values))


def signed(value: int, two_sided: bool) -> str:
    """A value as it is printed."""
    return f"{value:+d}".replace("-", "−") if two_sided else str(value)


def _table(name: str) -> Strip:
    values = (50, 100)
    requests = tuple(still(picture("portrait.png", lut_url=name, lut_intensity=value)) for value in values)
    return Strip(name, TABLES[name], requests, captions=tuple(map(str, values)))
