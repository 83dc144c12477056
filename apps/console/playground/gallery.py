"""The templates of the gallery: whole films that need nothing but the engine and its fonts."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

_FOLDER: Final = "templates_gallery"
POSTER_HEIGHT_PX: Final = 104


@dataclass(frozen=True, slots=True)
class Template:
    """A film to begin with. `name` is part of addresses and file names; the poster shows the film at `poster_s`."""

    name: str
    title: str
    description: str
    poster_s: float

    @property
    def source(self) -> str:
        """Its request, as text."""
        return _source(self.name)

    @property
    def poster(self) -> str:
        """The static file of its picture."""
        return f"console/templates/{self.name}.jpg"

    @property
    def shape(self) -> str:
        """`wide`, `square` or `tall`, by its canvas."""
        width, height = self.size
        return "square" if width == height else "wide" if width > height else "tall"

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of its canvas in pixels."""
        return _parsed(self.name)["width"], _parsed(self.name)["height"]

    @property
    def poster_size(self) -> tuple[int, int]:
        """Width and height of the poster as it is drawn, in pixels."""
        width, height = self.size
        return round(width * POSTER_HEIGHT_PX / height), POSTER_HEIGHT_PX

    @property
    def duration_s(self) -> float:
        return float(_parsed(self.name)["duration"])


TEMPLATES: Final = (
    Template("title-card", "Title card", "A chapter opens: a line is drawn, a title rises from it.", 3.5),
    Template("kinetic-type", "Kinetic type", "Big words that slam in on the beat, each on a colour of its own.", 0.7),
    Template("story", "Vertical story", "A tall story for phones, with cards that spring up one by one.", 5.5),
    Template("countdown", "Countdown", "Five to one, with a pulse, before the show begins.", 2.5),
    Template("quote", "Quote for social", "A square quotation, word by word, with its author.", 5),
    Template("figures", "Figures reveal", "Bars that grow and figures that land, for a quarterly update.", 5.5),
    Template("sale", "Sale banner", "A price falls, a badge pops: a product offer for the feed.", 5.5),
    Template("logo-opener", "Logo opener", "Three discs of light meet in a mark, and its name follows.", 4.5),
    Template("invitation", "Event invitation", "An evening's invitation in serif, with date and place.", 6),
    Template("lower-third", "Lower third", "Name and role slide in; transparent, to lay over your footage.", 3),
    Template("gradient-slides", "Colour slides", "Three soft colour fields with captions, joined by transitions.", 2.2),
    Template("credits", "Credits roll", "Names roll up in two columns, as at the end of a film.", 3.6),
)


def find_template(name: str) -> Template | None:
    return next((template for template in TEMPLATES if template.name == name), None)


@cache
def _source(name: str) -> str:
    return files(__package__).joinpath(_FOLDER, f"{name}.json").read_text("utf-8")


@cache
def _parsed(name: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(_source(name))
    return parsed
