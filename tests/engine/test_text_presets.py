"""Animation presets: the names that validators accept are drawn, begin with their element and come to rest."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from gpu_tasks.engine.text.displays import typewriter
from gpu_tasks.engine.text.lettering import Lettering
from gpu_tasks.engine.text.pieces import Piece
from gpu_tasks.engine.text.scene import DRAWN_PRESETS, Scene, fitted
from gpu_tasks.timeline.lint import InvalidRequest, parse_render
from gpu_tasks.timeline.presets import DESIGNED, GLYPH_MOTIONS, PRESETS, is_exit_preset, unknown_preset
from gpu_tasks.timeline.request import TextElement
from tests.engine.text_help import CANVAS, RENDERER, ink

ENDLESS = {"wave", "neon_flicker", "shine_sweep"}
TEXT = "Make every\nword move 👋🏽"


def preset(name: str, text: str = TEXT, **fields: Any) -> tuple[TextElement, Lettering]:
    target = TextElement(
        type="text", id="t", time=2, text=text, animation_preset=name, **{"font_size": 40, "duration": 5, **fields}
    )
    return target, Lettering(target, RENDERER.layout(target, CANVAS), CANVAS, (300, 300))


def at(found: Lettering, time: float) -> tuple[Piece, ...] | None:
    return found.pieces_at(Fraction(str(time)))


def test_every_preset_that_is_accepted_is_drawn() -> None:
    assert set(DRAWN_PRESETS) == set(DESIGNED)
    assert set(PRESETS) == set(DESIGNED) | set(GLYPH_MOTIONS)
    assert len(DESIGNED) >= 8


@pytest.mark.parametrize("name", ["typewritter", "Wave", "zzz"])
def test_an_unknown_preset_is_refused_naming_the_nearest(name: str) -> None:
    element = {"type": "text", "text": "a", "duration": 1, "animation_preset": name}
    with pytest.raises(InvalidRequest) as refusal:
        parse_render({"elements": [element]})
    assert refusal.value.code == "validation_error"
    assert [problem.path for problem in refusal.value.problems] == ["/elements/0/animation_preset"]
    nearest = {"typewritter": "typewriter", "Wave": "wave", "zzz": "word_by_word"}[name]
    assert nearest in refusal.value.problems[0].message
    assert unknown_preset("wave") is None


@pytest.mark.parametrize("name", sorted(set(DESIGNED) - ENDLESS))
@pytest.mark.parametrize("duration", [0.5, 5])
def test_a_designed_entrance_hides_first_and_is_done_in_time(name: str, duration: float) -> None:
    target, found = preset(name, duration=duration)
    painted = RENDERER.render(target, CANVAS, pieces=at(found, 2))
    caret = 200 if name == "typewriter" else 0
    assert ink(painted.rgba) <= caret
    if name != "typewriter":
        assert at(found, 2 + 0.6 * duration) is None
    assert at(found, 2 + min(0.2 * duration, 0.3)) is not None
    assert at(found, 7) is None


@pytest.mark.parametrize("name", sorted(ENDLESS))
def test_endless_presets_go_on(name: str) -> None:
    _, found = preset(name)
    assert any(at(found, time / 4) is not None for time in range(20, 28))


@pytest.mark.parametrize("name", sorted(GLYPH_MOTIONS))
def test_motions_of_letters_are_presets_too(name: str) -> None:
    _, found = preset(name)
    moving, resting = (6.5, 2.5) if is_exit_preset(name) else (2.8, 6.5)
    assert at(found, moving) is not None
    assert at(found, resting) is None


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_nothing_is_clipped_at_any_time(name: str) -> None:
    target, found = preset(name, text="Ågj स्त्री 🎉", font_size=30, duration=2)
    for step in range(1, 20):
        rgba = RENDERER.render(target, CANVAS, pieces=at(found, 2 + step / 10)).rgba
        if rgba.size:
            edges = [rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]]
            assert max(int(edge[..., 3].max()) for edge in edges) == 0, step


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_states_depend_on_the_time_alone(name: str) -> None:
    (_, first), (_, second) = preset(name), preset(name)
    later = at(first, 2.7)
    at(second, 6)
    assert at(second, 2.7) == later
    assert hash(later) == hash(at(second, 2.7))


def test_long_texts_are_done_in_time() -> None:
    step_s, turn_s = fitted((0.05, 0.5), 1000, 1.2)
    assert 999 * step_s + turn_s == pytest.approx(1.2)
    assert turn_s >= 0.4
    assert fitted((0.05, 0.5), 3, 1.2) == (0.05, 0.5)


def test_typing_shows_one_letter_after_the_other_behind_a_caret() -> None:
    target, found = preset("typewriter", text="abcdef", duration=10)
    text = RENDERER.layout(target, CANVAS).block.text
    typed = []
    for step in range(0, 12):
        pieces = at(found, 2 + step / 30 + 0.001) or ()
        assert sum(piece.caret for piece in pieces) == 1
        typed.append(text[: pieces[0].start])
    assert typed[0] == ""
    assert typed[-1] == "abcde"
    assert all(after.startswith(before) for before, after in pairwise(typed))


def test_the_caret_blinks_and_goes() -> None:
    _, found = preset("typewriter", text="abc", duration=10)
    assert (at(found, 2.3), at(found, 2.8), at(found, 9)) == ((Piece(3, 3, caret=True),), None, None)


def test_emoji_and_joined_words_are_typed_whole() -> None:
    for text, whole in (("👩‍💻👩‍💻", 3), ("سلام عليكم", 5)):
        target = TextElement(type="text", text=text, duration=20, font_size=40)
        scene = Scene(RENDERER.layout(target, CANVAS), 20, 40, 0)
        starts = {(typewriter(scene, step / 60) or [Piece(0, 0)])[0].start for step in range(0, 40)}
        assert starts <= {0, whole, len(text)}


@pytest.mark.parametrize("name", sorted(PRESETS))
@pytest.mark.parametrize("text", [" ", "x", "سلام", "\n\n"])
def test_short_texts_are_harmless(name: str, text: str) -> None:
    target, found = preset(name, text=text, font_size=8, duration=0.1)
    for time in (0, 2, 2.02, 2.05, 2.09, 2.1):
        RENDERER.render(target, CANVAS, pieces=at(found, time))
