"""The colour fields of videos and images, and colour tables."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import fields_table, meanings_of
from apps.docs.reference.writing import SAMPLES, example, page, picture
from gpu_tasks.timeline.request import ImageElement

TABLE: Final = ("lut_url", "lut_intensity")
_PHOTO: Final = {"type": "image", "id": "photo", "source_url": f"{SAMPLES}/photo.jpg", "duration": 2}
_SHARE: Final = 0.4
"""Of its range, in the example of a field."""


def pages() -> Iterable[Page]:
    """The page of colour fields."""
    known = next(entry["fields"] for entry in entries("element_types") if entry["type"] == "image")
    fields = colour_fields(known)
    yield page(
        "colour",
        "# Colour",
        "Videos and images have fields that change their colours; 0 leaves everything as it is.",
        example({**_PHOTO, "exposure": 15, "saturation": 20, "vignette": 30}, "element"),
        "The fields work in the order of the table, then the colour table, then [effects](effects.md). Values "
        "beyond the range that works are accepted and do no more than its end.",
        fields_table(ImageElement, known, (*fields, *TABLE)),
        "## Fields",
        *(part for field in fields for part in _section(field, known[field])),
        "## Colour tables",
        "`lut_url` is the address of a colour table (LUT): a `.cube` file with a 1D or a 3D table, as colour "
        "grading software writes them. `lut_intensity` mixes it with the picture as it was.",
        picture("colour", "lut_url", "A portrait with 0, 35, 70 and 100 percent of a colour table"),
        example({**_PHOTO, "lut_url": f"{SAMPLES}/evening.cube", "lut_intensity": 70}, "element"),
    )


def colour_fields(fields: dict[str, Any]) -> list[str]:
    """Those that take any number, and whose range the engine sets."""
    return [name for name, field in fields.items() if "engine_min" in field]


def _section(name: str, field: dict[str, Any]) -> Iterator[str]:
    yield f"### {name}"
    yield meanings_of(ImageElement)[name][0]
    yield picture("colour", name, f"A picture at four values of {name}")
    if field["supported"]:
        yield example({**_PHOTO, name: round(field["engine_max"] * _SHARE)}, "element")
