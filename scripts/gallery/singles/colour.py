"""Each colour field at four of its values, and a colour table from none of it to all."""

from typing import Any, Final

from scripts.gallery.sheets.colour import ONE_SIDED, TWO_SIDED, signed
from scripts.gallery.singles.single import Single
from scripts.gallery.tiles import Payload, picture, still, words

QUARTERS: Final = ((0, 0), (50, 0), (0, 50), (50, 50))
"""Left and top edges of the four pictures, in percent."""
GENTLE: Final = {"brightness": (-40, -20, 20, 40), "contrast": (-60, -30, 30, 60)}
"""Fields whose ends leave nothing of the picture."""
CLOSER: Final[Payload] = {"crop_left": 0.42, "crop_right": 0.33, "crop_top": 0.12, "crop_bottom": 0.63}
"""Sharpness shows in a part of the picture only."""
TABLE_STEPS: Final = (0, 35, 70, 100)


def colour_singles() -> tuple[Single, ...]:
    fields = tuple(
        _single(name, [(signed(value, name in TWO_SIDED), {name: value, **_part(name)}) for value in values], source)
        for name, (source, _, values) in _all_fields().items()
    )
    steps: list[tuple[str, Payload]] = [
        (f"{value} %", {"lut_url": "dusk.cube", "lut_intensity": value}) for value in TABLE_STEPS
    ]
    return (*fields, _single("lut_url", steps, "portrait.png"))


def _all_fields() -> dict[str, tuple[str, str, tuple[int, ...]]]:
    one_sided = {name: (source, look, (0, 25, 50, 100)) for name, (source, look, _) in ONE_SIDED.items()}
    two_sided = {name: (source, look, GENTLE.get(name, ends)) for name, (source, look, ends) in TWO_SIDED.items()}
    return {**two_sided, **one_sided, "sharpness": ("portrait.png", "", (0, 25, 50, 100))}


def _part(field: str) -> Payload:
    return CLOSER if field == "sharpness" else {}


def _single(name: str, steps: list[tuple[str, Payload]], source: str) -> Single:
    quarters = [_quarter(place, *step, source) for place, step in zip(QUARTERS, steps, strict=True)]
    elements = [element for quarter in quarters for element in quarter]
    return Single("colour", name, still(*elements, background_color="#17181bff"))


def _quarter(place: tuple[int, int], label: str, fields: Payload, source: str) -> tuple[Payload, Payload]:
    x, y = place
    box: dict[str, Any] = {"x": f"{x}%", "y": f"{y}%", "x_anchor": "0%", "y_anchor": "0%"}
    shown = picture(source, id=label, width="49.7%", height="49.5%", **{**box, **fields})
    text = words(
        label, x=f"{x + 1.6}%", y=f"{y + 47}%", x_anchor="0%", y_anchor="100%", font_size=44, text_wrap="nowrap",
        background=True, background_color="#000000", background_opacity=60, x_padding=16, y_padding=6,
    )  # fmt: skip
    return text, shown
