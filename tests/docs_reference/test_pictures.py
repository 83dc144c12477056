"""Every look of the catalogue has its picture, and its film where it moves; nothing is left of what is no more."""

import re

import av
import pytest

from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.described import FITS
from gpu_tasks.timeline.presets import PRESETS
from scripts.gallery.singles import all_singles
from scripts.gallery.singles.curves import curve_files
from scripts.gallery.singles.single import FILM_PX, MAX_FILM_BYTES, MAX_PICTURE_BYTES
from scripts.processes import ROOT
from tests.docs_reference.read import pages

GALLERY = ROOT / "docs" / "gallery"
MAX_BYTES = 15_000_000
MOTIONS = catalogue()["motions"]
COLOUR_FIELDS = [name for name, field in catalogue()["elements"]["image"].items() if "engine_min" in field]
STILLS = {
    "effects": [*names("effects")],
    "blend-modes": [*names("blend_modes")],
    "fits": [*FITS],
    "colour": [*COLOUR_FIELDS, "lut_url"],
}
FILMS = {
    "motions": [entry["type"] for entry in MOTIONS]
    + [f"{entry['type']}-letters" for entry in MOTIONS if entry["character"]],
    "transitions": [*names("transitions")],
    "presets": [*PRESETS],
    "captions": [*names("word_animation_styles")],
}
WANTED = {f"{folder}/{name}.jpg" for folder, found in {**STILLS, **FILMS}.items() for name in found}
WANTED |= {f"{folder}/{name}.mp4" for folder, found in FILMS.items() for name in found}
WANTED |= {f"easings/{name}.png" for name in names("easings")}
KEPT = {file.relative_to(GALLERY).as_posix() for file in GALLERY.glob("*/*")}


def test_every_look_has_its_picture_and_its_film_and_none_is_left_over() -> None:
    assert sorted(WANTED - KEPT) == []
    assert sorted(KEPT - WANTED) == []


def test_the_gallery_makes_all_of_them() -> None:
    made = [file for single in all_singles() for file in single.files]
    assert {*made, *curve_files()} == WANTED


def test_pictures_and_films_are_small() -> None:
    sizes = {name: (GALLERY / name).stat().st_size for name in WANTED}
    assert [name for name, size in sizes.items() if name.endswith(".jpg") and size >= MAX_PICTURE_BYTES] == []
    assert [name for name, size in sizes.items() if name.endswith(".mp4") and size >= MAX_FILM_BYTES] == []
    assert sum(sizes.values()) < MAX_BYTES


def test_every_page_shows_files_that_are_there_and_every_file_is_shown() -> None:
    shown = {name for page in pages().values() for name in re.findall(r"\.\./gallery/([^)]+)\)", page.markdown)}
    assert shown == WANTED


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name in WANTED if name.endswith(".mp4")))
def test_a_film_is_short_silent_and_moves(name: str) -> None:
    with av.open(str(GALLERY / name)) as film:
        video = film.streams.video[0]
        assert (video.codec_context.name, video.width, video.height) == ("h264", *FILM_PX)
        assert not film.streams.audio
        assert film.duration is not None
        assert 1.5 <= film.duration / av.time_base <= 2.6
        frames = [frame.to_ndarray(format="gray") for frame in film.decode(video)]
    assert any(abs(frame.astype(int) - frames[0]).max() > 20 for frame in frames)
