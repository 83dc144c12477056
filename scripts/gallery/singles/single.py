"""What is shown of one entry of the catalogue alone: a picture, and a short film where it moves."""

from dataclasses import dataclass
from typing import Final

from scripts.gallery.tiles import TILE, Payload

PICTURE_PX: Final = (480, 270)
FILM_PX: Final = (384, 216)
FILM_RATE: Final = 25
MAX_PICTURE_BYTES: Final = 40_000
MAX_FILM_BYTES: Final = 60_000


@dataclass(frozen=True, slots=True)
class Single:
    """One entry: the request that shows it, a still or a film, and the file names that it is kept under.

    `poster_s` is the moment of a film that stands for it as a picture.
    """

    folder: str
    name: str
    request: Payload
    poster_s: float = 0

    @property
    def is_film(self) -> bool:
        return self.request.get("output_format") != "png"

    @property
    def files(self) -> tuple[str, ...]:
        """Its files, relative to the gallery."""
        stem = f"{self.folder}/{self.name}"
        return (f"{stem}.jpg", f"{stem}.mp4") if self.is_film else (f"{stem}.jpg",)


def clip(*elements: Payload, duration_s: float, **canvas: object) -> Payload:
    """A request for a short film."""
    size = {"width": TILE[0], "height": TILE[1]}
    return {**size, "duration": duration_s, "frame_rate": FILM_RATE, "elements": list(elements), **canvas}
