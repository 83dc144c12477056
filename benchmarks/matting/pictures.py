"""The pictures that mattes are measured on: a person with a known matte over backgrounds without people.

The person is scikit-image's packaged portrait, cut out by this project's own way to a matte. Whatever is put
together from that has this matte by construction, but one such as this way likes to make: the figures tell how
stable a matte is when the background changes, not how right it is.
"""

import functools
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

from benchmarks.matting.closed_form import closed_form_matte
from gpu_tasks.models.background_removal.colours import person_colours
from gpu_tasks.models.background_removal.matte import PeopleMatter
from gpu_tasks.models.background_removal.planes import Plane, resized
from gpu_tasks.models.background_removal.segment import PeopleSegmenter
from gpu_tasks.models.step import Rgb

SIDE_PX = 512
PLAIN = ("grey", "white", "dark", "rocket")
TEXTURED = ("brick", "grass", "gravel")
# The network takes the cup for a person: shown, held to nothing.
MISTAKEN = ("coffee",)
BACKGROUNDS = PLAIN + TEXTURED + MISTAKEN
_FLAT = {"grey": 128, "white": 235, "dark": 24}


@dataclass(frozen=True, slots=True)
class Person:
    """Colours (also where covered in part) and matte, height × width, 0 to 255."""

    rgb: Rgb
    matte: NDArray[np.uint8]


def photograph() -> Rgb:
    return np.asarray(data.astronaut(), np.uint8)  # type: ignore[no-untyped-call]


@functools.cache
def person() -> Person:
    """The portrait's person."""
    with PeopleMatter() as matter:
        matte = matter.cut(photograph()).matte
    return Person(person_colours(photograph(), matte), matte)


@functools.cache
def solved_person() -> Person:
    """The same person with edges by closed-form matting, in which neither our filter nor our decisions had a part."""
    with PeopleSegmenter() as segmenter:
        coverage = resized(segmenter.coverage(photograph()), (SIDE_PX, SIDE_PX))
    matte = closed_form_matte(photograph(), coverage)
    return Person(person_colours(photograph(), matte), matte)


@functools.cache
def background(name: str) -> Rgb:
    """512×512: a flat colour, or the middle of a packaged picture."""
    if name in _FLAT:
        return np.full((SIDE_PX, SIDE_PX, 3), _FLAT[name], np.uint8)
    picture = np.asarray(getattr(data, name)(), np.uint8)
    if picture.ndim == 2:
        picture = np.dstack([picture] * 3)
    height, width = picture.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = picture[top : top + side, left : left + side]
    return np.asarray(cv2.resize(square, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_CUBIC), np.uint8)


def composite(subject: Person, behind: Rgb) -> Rgb:
    """The person over a background of the same size."""
    share = subject.matte[..., None].astype(np.float32) / 255
    return np.round(subject.rgb * share + behind * (1 - share)).astype(np.uint8)


def as_plane(matte: NDArray[np.uint8]) -> Plane:
    return matte.astype(np.float32) / 255
