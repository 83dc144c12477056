"""The measurements: how a matte bears another background, how steady it is, what becomes of colours at its edge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from benchmarks.matting import moving
from benchmarks.matting.figures import dtssd, edge_error, intersection_over_union, mean_absolute_error
from benchmarks.matting.pictures import BACKGROUNDS, Person, as_plane, background, composite, person, solved_person
from gpu_tasks.models.background_removal.colours import person_colours
from gpu_tasks.models.background_removal.matte import PeopleMatter
from gpu_tasks.models.background_removal.planes import Plane, resized
from gpu_tasks.models.background_removal.segment import PeopleSegmenter
from gpu_tasks.models.step import Rgb


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure of the network's raw coverage, enlarged to the picture, and of the matte made of it."""

    raw: float
    matte: float

    @property
    def ratio(self) -> float:
        return self.matte / self.raw


@dataclass(frozen=True, slots=True)
class Consistency:
    """Against the matte that the picture was put together with: see `figures` for `iou` and `edge`."""

    background: str
    iou: Pair
    edge: Pair


@dataclass(frozen=True, slots=True)
class Motion:
    """Of a person who moves before a fixed background."""

    background: str
    dtssd: Pair
    error: Pair


@dataclass(frozen=True, slots=True)
class Colours:
    """Root mean square error of the people's share of colour at soft edges, 0 to 1, with the true matte: as the
    picture has it (`naive`), and with the background's share taken out."""

    background: str
    naive: float
    cleaned: float

    @property
    def ratio(self) -> float:
        return self.cleaned / self.naive


def raw_mattes(pictures: Iterable[Rgb]) -> Iterator[Plane]:
    """What the network says about each picture, enlarged."""
    with PeopleSegmenter() as segmenter:
        for rgb in pictures:
            yield resized(segmenter.coverage(rgb), (rgb.shape[1], rgb.shape[0]))


def made_mattes(clip: Iterable[Rgb]) -> Iterator[Plane]:
    """The mattes of one clip, as they are delivered."""
    with PeopleMatter() as matter:
        for rgb in clip:
            yield as_plane(matter.cut(rgb).matte)


def consistency(name: str, subject: Person | None = None) -> Consistency:
    """A person, usually the portrait's, before another background, found again."""
    subject = subject or person()
    picture, true = composite(subject, background(name)), as_plane(subject.matte)
    (raw,), (made,) = raw_mattes([picture]), made_mattes([picture])
    iou, edge = partial(intersection_over_union, true=true), partial(edge_error, true=true)
    return Consistency(name, Pair(iou(raw), iou(made)), Pair(edge(raw), edge(made)))


def motion(name: str, frames: int = moving.FRAMES) -> Motion:
    """The portrait's person swaying before a background."""
    known = list(moving.clip(name, frames))
    pictures, true = [frame.rgb for frame in known], [frame.matte for frame in known]
    raw, made = list(raw_mattes(pictures)), list(made_mattes(pictures))
    changes = Pair(dtssd(raw, true), dtssd(made, true))
    return Motion(name, changes, Pair(mean_absolute_error(raw, true), mean_absolute_error(made, true)))


def colours(name: str) -> Colours:
    """The person's colours out of a picture whose matte is known: that with edges by closed-form matting, as ours holds
    wide veils too, under which nobody's colours are known."""
    subject = solved_person()
    picture = composite(subject, background(name))
    soft = (subject.matte > 5) & (subject.matte < 250)
    share = as_plane(subject.matte)[soft][:, None]

    def error(found: Rgb) -> float:
        difference = found[soft].astype(np.float32) - subject.rgb[soft]
        return float(np.sqrt(((difference * share / 255) ** 2).mean()))

    return Colours(name, error(picture), error(person_colours(picture, subject.matte)))


def all_consistency(subject: Person | None = None) -> list[Consistency]:
    return [consistency(name, subject) for name in BACKGROUNDS]
