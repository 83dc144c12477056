"""Requests are refused with the place, the value and what would be accepted."""

from typing import Any

import pytest

from gpu_tasks.timeline.lint import InvalidRequest, lint, parse_render, unknown_fields
from gpu_tasks.timeline.problems import Problem
from tests.timeline.scenes import image, text, video


def refusal(payload: Any) -> tuple[str, list[Problem]]:
    with pytest.raises(InvalidRequest) as caught:
        parse_render(payload)
    return caught.value.code, caught.value.problems


def only_problem(payload: Any, code: str = "validation_error") -> Problem:
    found, problems = refusal(payload)
    assert found == code
    assert len(problems) == 1, problems
    return problems[0]


def test_a_misspelt_value_is_answered_with_the_nearest() -> None:
    problem = only_problem({"elements": [text(motion=[{"type": "slide_upp", "time": 0, "duration": 1}])]})
    assert problem.path == "/elements/0/motion/0/type"
    assert "did you mean 'slide_up'?" in problem.message


def test_a_misspelt_element_type_is_answered_with_the_nearest() -> None:
    problem = only_problem({"elements": [{"type": "vidio"}]})
    assert problem.path == "/elements/0/type"
    assert "did you mean 'video'?" in problem.message


def test_a_missing_field_is_pointed_at() -> None:
    assert only_problem({"elements": [{"type": "text", "text": "a"}]}).path == "/elements/0/duration"
    assert only_problem({"elements": [{"type": "text", "duration": 1}]}).path == "/elements/0/text"


def test_a_range_is_named_with_the_value() -> None:
    problem = only_problem({"frame_rate": 500})
    assert problem.path == "/frame_rate"
    assert "240" in problem.message
    assert "500" in problem.message


@pytest.mark.parametrize(
    ("payload", "path"),
    [
        ({"width": 640}, ""),
        ({"alpha": True}, ""),
        ({"elements": [video(source_url="https://a.test/clip.avi")]}, "/elements/0"),
        ({"elements": [video(in_point=4, out_point=4)]}, "/elements/0"),
        ({"elements": [text(background=True, stroke=True)]}, "/elements/0"),
        ({"elements": [image(crop_left=0.5, crop_right=0.5)]}, "/elements/0"),
        ({"elements": [image(x="12em")]}, "/elements/0/x"),
        ({"elements": [image(z_rotation="12grad")]}, "/elements/0/z_rotation"),
        ({"elements": [image(x=float("inf"))]}, "/elements/0/x"),
        ({"elements": [image(source_url="file:///etc/passwd")]}, "/elements/0/source_url"),
        ({"elements": [text(text_color="red")]}, "/elements/0/text_color"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(payload: Any, path: str) -> None:
    _, problems = refusal(payload)
    assert {problem.path for problem in problems} == {path}


@pytest.mark.parametrize(
    ("transition", "code"),
    [
        ({"from_id": "a", "to_id": "a"}, "TRANSITION_SELF"),
        ({"from_id": "a", "to_id": "nobody"}, "DANGLING_TRANSITION"),
        ({}, "DANGLING_TRANSITION"),
        ({"from_id": "twin", "to_id": "a"}, "DUPLICATE_ELEMENT_ID"),
    ],
)
def test_a_transition_needs_two_known_elements(transition: dict[str, str], code: str) -> None:
    elements = [text(id="a"), text(id="twin"), text(id="twin")]
    payload = {"elements": elements, "transitions": [{"type": "wipe_up", "duration": 1, **transition}]}
    assert only_problem(payload).code == code


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"motion": [{"type": "zoom_in", "time": 0, "duration": 1, "reversed": True}]}, "/motion/0/type"),
        ({"motion": [{"type": "fade", "time": 0, "duration": 1, "scope": "character"}]}, "/motion/0/scope"),
        ({"motion": [{"type": "fade", "time": 0, "duration": 1, "loop": True}]}, "/motion/0/loop"),
        ({"motion": [{"type": "ken_burns_in", "time": 0, "duration": 1, "reversed": True}]}, "/motion/0/type"),
    ],
)
def test_motions_are_refused_where_the_table_has_none(fields: dict[str, Any], path: str) -> None:
    problem = only_problem({"elements": [image(**fields)]}, "unsupported_feature")
    assert problem.path == f"/elements/0{path}"


def test_a_motion_of_letters_needs_letters_and_a_type_that_moves_them() -> None:
    motion = {"type": "wipe_up", "time": 0, "duration": 1, "scope": "character"}
    problem = only_problem({"elements": [text(motion=[motion])]}, "unsupported_feature")
    assert problem.path == "/elements/0/motion/0/type"
    parse_render({"elements": [text(motion=[{**motion, "type": "blur"}])]})


def test_loops_repeat_unless_told_not_to() -> None:
    motion = {"type": "loop_orbit", "time": 0, "duration": 1, "loop": False, "reversed": True}
    parse_render({"elements": [image(motion=[motion])]})


def test_a_misspelt_preset_is_told_the_nearest() -> None:
    problem = only_problem({"elements": [text(animation_preset="typewritter")]}, "validation_error")
    assert problem.path == "/elements/0/animation_preset"
    assert "'typewriter'" in problem.message


def test_a_composition_element_is_an_unsupported_feature() -> None:
    assert only_problem({"elements": [{"type": "composition"}]}, "unsupported_feature").path == "/elements/0/type"


def test_likely_mistakes_are_warnings() -> None:
    request = parse_render({"duration": 2, "elements": [text(id="a", time=3), text(id="a")]})
    assert {finding.code for finding in lint(request)} == {"ELEMENT_AFTER_END", "DUPLICATE_ELEMENT_ID"}
    assert [finding.code for finding in lint(parse_render({}))] == ["EMPTY_TIMELINE"]


def test_unknown_fields_are_ignored_and_can_be_named() -> None:
    payload = {"colour": 1, "elements": [text(fontsize=3)]}
    parse_render(payload)
    assert [finding.path for finding in unknown_fields(payload)] == ["/colour", "/elements/0/fontsize"]


def test_unknown_fields_are_named_at_any_depth() -> None:
    words = {"words": [{"text": "a", "start": 0, "end": 1, "loud": True}], "styles": "glow"}
    element = text(word_animation=words, motion=[{"type": "fade", "time": 0, "duration": 1, "speed": 2}])
    film = video(effects=[{"type": "blur", "strength": 1, "chroma_settings": {"hue": 1}}])
    payload = {"elements": [element, film], "transitions": [{"type": "fade", "length": 1}], "metadata": {"any": "name"}}
    assert {finding.path for finding in unknown_fields(payload)} == {
        "/elements/0/word_animation/words/0/loud",
        "/elements/0/word_animation/styles",
        "/elements/0/motion/0/speed",
        "/elements/1/effects/0/strength",
        "/elements/1/effects/0/chroma_settings/hue",
        "/transitions/0/length",
    }
    assert len(unknown_fields(payload, at_most=2)) == 2


@pytest.mark.parametrize(
    "payload", [7, [], {"elements": 7}, {"elements": [7, {"type": []}, {"a": 1}, [{"type": "x"}]]}]
)
def test_what_is_no_request_has_no_unknown_fields(payload: Any) -> None:
    assert unknown_fields(payload) == []


def test_local_paths_are_for_the_command_line_alone() -> None:
    parse_render({"elements": [video(source_url="clip.mp4")]}, local_sources=True)
    assert only_problem({"elements": [video(source_url="clip.mp4")]}).path == "/elements/0/source_url"


@pytest.mark.parametrize("payload", [None, [], "x", 3, {"elements": {}}, {"elements": [None]}, {"elements": [[]]}])
def test_any_json_is_answered(payload: Any) -> None:
    assert refusal(payload)[1]
