"""Letters take their turns within a motion's time, and texts are plain before and after."""

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest

from gpu_tasks.engine.motions import MOTIONS
from gpu_tasks.engine.motions.base import REST, Pose
from gpu_tasks.engine.text.lettering import Lettering
from gpu_tasks.engine.text.pieces import HIDDEN, Piece
from gpu_tasks.engine.text.stagger import own_progress, turn_share
from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.request import Motion, TextElement
from tests.engine.text_help import CANVAS, RENDERER

TEXT = "Alice & Bob"
ORIGIN = (300.0, 200.0)
CASES = [
    (entry["type"], direction)
    for entry in catalogue()["motions"]
    for direction, exists in (entry["character"] or {}).items()
    if exists and entry["type"] in MOTIONS
]


def motion(name: str, **fields: Any) -> Motion:
    return Motion(**{"type": name, "time": 1, "duration": 2, "easing": "linear", "scope": "character", **fields})


def lettering(*motions: Motion, text: str = TEXT, **fields: Any) -> Lettering:
    target = TextElement(type="text", id="t", duration=6, text=text, font_size=40, motion=list(motions), **fields)
    return Lettering(target, RENDERER.layout(target, CANVAS), CANVAS, ORIGIN)


def at(found: Lettering, time: float) -> tuple[Piece, ...] | None:
    return found.pieces_at(Fraction(str(time)))


def poses(pieces: tuple[Piece, ...] | None) -> dict[int, Pose]:
    return {piece.start: piece.pose for piece in pieces or ()}


def test_knowing_the_pieces_takes_no_skia() -> None:
    check = "import sys, gpu_tasks.engine.text.lettering; sys.exit('skia' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize("count", [2, 3, 10, 500])
def test_the_first_letter_begins_at_once_and_the_last_ends_with_the_motion(count: int) -> None:
    share = turn_share(count)
    assert own_progress(1e-9, 0, count, share) > 0
    assert own_progress(1e-9, 1, count, share) < 0
    assert own_progress(1 - 1e-9, count - 1, count, share) < 1 < own_progress(1 - 1e-9, count - 2, count, share)


def test_neighbours_overlap() -> None:
    found = poses(at(lettering(motion("fade")), 1.5))
    moving = [pose for pose in found.values() if 0 < pose.opacity < 1]
    assert len(moving) >= 2
    opacities = [pose.opacity for pose in found.values()]
    assert opacities == sorted(opacities, reverse=True)


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_texts_are_plain_where_a_motion_rests(name: str, direction: str) -> None:
    found = lettering(motion(name, reversed=direction == "exit"))
    rests = {"entrance": (3, 5), "exit": (0, 1), "loop": (0.5, 1)}[direction]
    assert [at(found, time) for time in rests] == [None, None]
    assert at(found, 2) is not None


@pytest.mark.parametrize(("name", "direction"), CASES)
def test_states_are_values(name: str, direction: str) -> None:
    fields = {"reversed": direction == "exit"}
    first, second = (at(lettering(motion(name, **fields)), 1.7) for _ in range(2))
    assert first == second
    assert hash(first) == hash(second)


@pytest.mark.parametrize(("name", "direction"), [case for case in CASES if case[1] != "loop"])
def test_motion_has_no_jolt_at_its_ends(name: str, direction: str) -> None:
    found = lettering(motion(name, reversed=direction == "exit"))
    close = 1.0001 if direction == "exit" else 2.9999
    for pose in poses(at(found, close)).values():
        assert abs(pose.x_px) + abs(pose.y_px) < 0.5
        assert pose.opacity > 0.98


def test_letters_are_hidden_before_they_enter_and_after_they_left() -> None:
    hidden = (Piece(0, len(TEXT), HIDDEN),)
    assert at(lettering(motion("fade")), 0.5) == hidden
    assert at(lettering(motion("fade", reversed=True)), 4) == hidden


def test_right_to_left_texts_begin_at_the_right() -> None:
    found = poses(at(lettering(motion("fade"), text="שלום עולם"), 1.4))
    assert next(iter(found.values())).opacity > 0.4 > list(found.values())[-1].opacity


@pytest.mark.parametrize("name", ["explode", "evaporate"])
def test_scattering_follows_the_element(name: str) -> None:
    one, other = (lettering(motion(name)), lettering(motion(name)))
    assert at(one, 2) == at(other, 2)
    target = TextElement(type="text", id="u", duration=6, text=TEXT, font_size=40, motion=[motion(name)])
    different = Lettering(target, RENDERER.layout(target, CANVAS), CANVAS, ORIGIN)
    assert at(one, 2) != at(different, 2)


def test_loops_rest_together_and_repeat() -> None:
    found = lettering(motion("loop_breathe"))
    assert at(found, 3) is None
    assert at(found, 1.5) == at(found, 3.5) == at(found, 5.5)
    assert len({pose.scale_x for pose in poses(at(found, 1.8)).values()}) > 3
    once = lettering(motion("loop_breathe", loop=False))
    assert at(once, 1.8) == at(found, 1.8)
    assert at(once, 3.8) is None


def test_motions_compose() -> None:
    both = poses(at(lettering(motion("fade"), motion("zoom_in")), 1.6))
    fade, zoom = (poses(at(lettering(motion(name)), 1.6)) for name in ("fade", "zoom_in"))
    for place in range(3):
        assert both[place] == fade[place].combined(zoom[place])


def test_motions_of_the_element_are_not_its_letters_own() -> None:
    assert at(lettering(motion("fade", scope="element")), 1.5) is None


def test_letters_slide_over_the_whole_way_at_any_scale() -> None:
    """However large an element is scaled, its letters come from the same place on the canvas."""
    plain = poses(at(lettering(motion("slide_left", easing="ease_out")), 1.02))
    large = poses(at(lettering(motion("slide_left", easing="ease_out"), x_scale="200%", y_scale="200%"), 1.02))
    assert plain[0].x_px > 0
    assert large[0].x_px == pytest.approx(plain[0].x_px, rel=0.05)
    mirrored = poses(at(lettering(motion("slide_left", easing="ease_out"), flip_horizontal=True), 1.02))
    assert mirrored[0].x_px < 0


def test_presets_and_motions_compose() -> None:
    fade = motion("fade", time=0)
    both = poses(at(lettering(fade, animation_preset="line_reveal"), 0.3))
    alone = poses(at(lettering(animation_preset="line_reveal"), 0.3))
    assert len(alone) == 1
    assert len(both) > 1
    assert both[0].y_px == pytest.approx(alone[0].y_px)
    assert both[0].opacity < 1


def test_parts_of_a_growing_word_stay_together() -> None:
    loop = motion("loop_breathe", time=0, duration=100)
    both = at(lettering(loop, animation_preset="slam", text="wide"), 0.1)
    found = poses(both)
    assert found[0].x_px < 0 < found[3].x_px


@pytest.mark.parametrize("text", [" ", "\n", "x", "👩‍💻"])
def test_texts_of_one_letter_or_none_are_harmless(text: str) -> None:
    found = lettering(motion("explode"), animation_preset="typewriter", text=text)
    for time in (0, 0.5, 1, 2, 3, 5):
        at(found, time)


def test_a_text_without_any_motion_is_plain() -> None:
    assert at(lettering(), 1) is None
    assert Pose() == REST
