"""Entries of the gallery that are shown alone, found in their requests; nothing is rendered but one."""

from itertools import pairwise
from pathlib import Path

import av
import pytest

from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.lint import lint, parse_render, unknown_fields
from scripts.gallery.painters import PICTURES, TABLES
from scripts.gallery.sheets.effects import CLIP
from scripts.gallery.singles import all_singles
from scripts.gallery.singles.cutter import cut
from scripts.gallery.singles.single import FILM_PX, FILM_RATE, MAX_FILM_BYTES, PICTURE_PX, Single, clip
from scripts.gallery.tiles import words

SINGLES = all_singles()
WAYS = ("entrance", "exit", "loop")


def test_no_two_entries_are_kept_under_one_name() -> None:
    files = [name for single in SINGLES for name in single.files]
    assert len(files) == len(set(files))


def test_every_entry_is_a_valid_request_for_sources_that_are_painted() -> None:
    for single in SINGLES:
        request = parse_render(single.request, local_sources=True)
        assert [*lint(request), *unknown_fields(single.request)] == [], single.name
        assert set(request.source_urls()) <= {*PICTURES, *TABLES, CLIP}


def test_films_last_about_two_seconds_and_their_picture_is_one_of_their_moments() -> None:
    films = [single for single in SINGLES if single.is_film]
    assert all(1.5 <= film.request["duration"] <= 2.5 for film in films)
    assert all(0 < film.poster_s < film.request["duration"] for film in films)


def test_the_film_of_a_motion_shows_it_in_every_direction_that_it_has() -> None:
    shown = {single.name: single.request["elements"][0]["motion"] for single in SINGLES if single.folder == "motions"}
    for entry in catalogue()["motions"]:
        for scope, suffix in (("element", ""), ("character", "-letters")):
            if entry[scope] is not None:
                ways = [way for way in WAYS if entry[scope][way]]
                assert len(shown.pop(entry["type"] + suffix)) == len(ways)
    assert not shown


def test_an_entrance_is_over_before_the_exit_begins() -> None:
    for single in SINGLES:
        for entrance, exit_ in pairwise(single.request["elements"][0].get("motion", [])):
            assert entrance["time"] + entrance["duration"] < exit_["time"]
            assert exit_["reversed"]


def test_every_effect_is_shown_in_full_beside_its_source() -> None:
    for single in SINGLES:
        if single.folder == "effects":
            before, changed, *_ = single.request["elements"]
            assert changed["effects"] == [{"type": single.name, "intensity": 100}]
            assert before["source_url"] == changed["source_url"]
            assert "effects" not in before
    assert {single.name for single in SINGLES if single.folder == "effects"} == set(names("effects"))


@pytest.mark.slow
def test_a_film_is_small_silent_and_begins_before_all_of_it_is_there(tmp_path: Path) -> None:
    request = clip(words("Aurora", motion=[{"type": "fade", "time": 0, "duration": 1}]), duration_s=1.6)
    single = Single("motions", "shown", request, poster_s=0.5)
    size_bytes = cut(tmp_path, tmp_path / "a", single)
    film = tmp_path / "a" / "motions" / "shown.mp4"
    assert size_bytes == sum((tmp_path / "a" / name).stat().st_size for name in single.files)
    assert film.stat().st_size < MAX_FILM_BYTES
    assert film.read_bytes().index(b"moov") < film.read_bytes().index(b"mdat")
    with av.open(str(film)) as opened:
        video = opened.streams.video[0]
        assert (video.width, video.height, video.average_rate) == (*FILM_PX, FILM_RATE)
        assert not opened.streams.audio
        assert sum(1 for _ in opened.decode(video=0)) == round(1.6 * FILM_RATE)
    with av.open(str(film.with_suffix(".jpg"))) as picture:
        assert (picture.streams.video[0].width, picture.streams.video[0].height) == PICTURE_PX
    cut(tmp_path, tmp_path / "b", single)
    assert film.read_bytes() == (tmp_path / "b" / "motions" / "shown.mp4").read_bytes()
