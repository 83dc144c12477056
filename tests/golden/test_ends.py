"""Nothing jumps: effects set in from the bare picture, motions and transitions begin and end with what lies beside
them, all seen through the whole engine."""

from pathlib import Path

import pytest

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.presets import PRESETS, is_exit_preset
from tests.engine.films import Planes, composed, difference, same
from tests.engine.motions.stages import Use, uses
from tests.engine.motions.test_rules import STAYING
from tests.golden.scenes import (
    START,
    STOP,
    Payload,
    clip,
    effect_film,
    film,
    image,
    motion_film,
    preset_film,
    text,
    transition_film,
)

pytestmark = pytest.mark.slow
MIDDLE = 15
ENDLESS_PRESETS = {"wave", "neon_flicker", "shine_sweep"}
Paths = dict[str, Path]
_made: dict[str, list[Planes]] = {}


def frames(name: str, payload: Payload, paths: Paths) -> list[Planes]:
    """The frames of a film that several tests look at, composed once."""
    if name not in _made:
        _made[name] = composed(payload, paths)
    return _made[name]


@pytest.mark.parametrize("name", names("effects"))
def test_an_effect_sets_in_from_the_bare_picture(name: str, paths: Paths) -> None:
    bare = frames("bare", film(clip(speed=1.25, in_point=0.2), frame_rate=30, duration=1.0), paths)[MIDDLE]
    none, faint, full = (composed(effect_film(name, share), paths, [MIDDLE])[0] for share in (0, 0.5, 100))
    assert same(none, bare)
    if name != "chroma_key":
        assert difference(faint, bare) < 1.5
    assert difference(full, bare) > 0.8


def resting(scope: str, paths: Paths) -> Planes:
    return frames(f"rest-{scope}", motion_film(None, scope), paths)[0]


@pytest.mark.parametrize("use", uses("entrance"), ids=str)
def test_an_entrance_ends_as_the_still_picture(use: Use, paths: Paths) -> None:
    film_of_it, rest = composed(motion_film(use), paths), resting(use.scope, paths)
    if "ken_burns" not in use.name:
        assert all(same(frame, rest) for frame in film_of_it[STOP:])
    elif use.name != "ken_burns_in":
        # What zooms is rastered larger, so that it stays sharp: its rest is the same picture, not the same pixels.
        assert all(difference(frame, rest) < 2 for frame in film_of_it[STOP:])
    assert not all(same(frame, rest) for frame in film_of_it[START:STOP])
    assert use.name in STAYING or difference(film_of_it[START], rest) > 1


@pytest.mark.parametrize("use", uses("exit"), ids=str)
def test_an_exit_begins_as_the_still_picture_and_leaves_nothing(use: Use, paths: Paths) -> None:
    film_of_it, rest = composed(motion_film(use), paths), resting(use.scope, paths)
    gone = frames("wall", film(image("wall.png"), size=(64, 36)), paths)[0]
    assert all(same(frame, rest) for frame in film_of_it[: START + 1])
    assert all(same(frame, gone) for frame in film_of_it[STOP:])


@pytest.mark.parametrize("use", uses("loop"), ids=str)
def test_a_loop_begins_and_ends_every_round_as_the_still_picture(use: Use, paths: Paths) -> None:
    film_of_it, rest = composed(motion_film(use), paths), resting(use.scope, paths)
    assert all(same(film_of_it[number], rest) for number in (0, START, STOP))
    assert not all(same(frame, rest) for frame in film_of_it)
    assert same(film_of_it[START + 1], film_of_it[STOP + 1])


@pytest.mark.parametrize("name", names("transitions"))
def test_a_transition_begins_with_the_one_picture_and_ends_with_the_other(name: str, paths: Paths) -> None:
    joined = composed(transition_film(name), paths)
    first, second = transition_film(None), transition_film(None)
    first["elements"], second["elements"] = first["elements"][:1], second["elements"][1:]
    outgoing, incoming = frames("outgoing", first, paths), frames("incoming", second, paths)
    assert same(joined[START], outgoing[START])
    assert same(joined[STOP], incoming[STOP])
    for number in range(START + 1, STOP):
        assert not same(joined[number], outgoing[number]) or not same(joined[number], incoming[number])
    late = transition_film(name)
    late["transitions"][0]["duration"], late["elements"][0]["out_point"] = 1.0001, 1.2001
    assert difference(composed(late, paths, [STOP])[0], incoming[STOP]) < 0.5


@pytest.mark.parametrize("name", sorted(set(PRESETS) - ENDLESS_PRESETS))
def test_a_preset_plays_from_nothing_to_the_plain_text_or_back(name: str, paths: Paths) -> None:
    payload = preset_film(name)
    plain = {**payload, "elements": [{**payload["elements"][0], "animation_preset": None}, *payload["elements"][1:]]}
    played, still = composed(payload, paths), composed(plain, paths)
    at_rest, at_first = (0, 10) if is_exit_preset(name) else (STOP + 1, START)
    assert same(played[at_rest], still[at_rest])
    assert difference(played[at_first], still[at_first]) > 0.5


def test_a_plain_text_is_the_same_whoever_draws_it(paths: Paths) -> None:
    """A text whose letters will move is drawn by the same hand before they do."""
    still, moving = (
        composed(film(text("Abg xy", font_size=17, motion=motion), image("wall.png")), paths, [0])[0]
        for motion in ([], [{"type": "fade", "scope": "character", "time": 1, "duration": 0.5, "reversed": True}])
    )
    assert same(still, moving)
