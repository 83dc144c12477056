"""Local validation beyond the shared cases: messages, other capabilities, what scenes may come as."""

from copy import deepcopy
from typing import Any

import pytest

from framelane.timeline import Timeline, snapshot, validate

TEXT = {"type": "text", "text": "Hello", "duration": 2}


def scene(**fields: Any) -> dict[str, Any]:
    return {"elements": [{**TEXT, **fields}]}


def messages(found: Any) -> str:
    return "\n".join(str(violation) for violation in found)


def test_a_misspelt_name_is_told_its_nearest() -> None:
    found = messages(validate(scene(motion=[{"type": "fad", "time": 0, "duration": 1}])))
    assert found.startswith("/elements/0/motion/0/type: ")
    assert "did you mean 'fade'?" in found


def test_a_number_out_of_range_is_told_the_range_and_itself() -> None:
    assert messages(validate(scene(opacity=120))) == (
        "/elements/0/opacity: Input should be less than or equal to 100 (received 120)"
    )


def test_an_unknown_field_is_told_its_nearest() -> None:
    assert "unknown field 'fontsize' is ignored; did you mean 'font_size'?" in messages(validate(scene(fontsize=3)))


def test_a_motion_in_a_direction_that_it_has_not_is_told_those_that_it_has() -> None:
    found = messages(validate(scene(motion=[{"type": "zoom_in", "time": 0, "duration": 1, "reversed": True}])))
    assert "has no exit at scope 'element'; it has entrance at 'element'" in found


def test_capabilities_of_an_installation_count_instead_of_the_snapshot() -> None:
    newer: Any = deepcopy(snapshot())
    newer["effects"].append({"type": "hologram", "supported": True})
    newer["canvas"]["width"]["max"] = 100
    film = Timeline(width=200, height=90).image("https://a.test/p.png", duration=1, effects=[{"type": "hologram"}])
    assert [violation.code for violation in film.validate()] == ["enum"]
    assert [(v.code, v.path) for v in film.validate(newer)] == [("less_than_equal", "/width")]


def test_what_an_installation_does_not_support_is_refused_with_its_reason() -> None:
    lesser: Any = deepcopy(snapshot())
    next(entry for entry in lesser["effects"] if entry["type"] == "vhs").update(supported=False, reason="No tapes.")
    film = Timeline().image("https://a.test/p.png", duration=1, effects=[{"type": "vhs"}])
    assert film.validate() == []
    found = film.validate(lesser)
    assert [(v.code, v.path) for v in found] == [("unsupported_feature", "/elements/0/effects/0/type")]
    assert "No tapes." in found[0].message


@pytest.mark.parametrize("wrong", [None, 5, "scene", [], [TEXT]])
def test_what_is_no_scene_is_a_violation_of_the_whole(wrong: Any) -> None:
    found = validate(wrong)
    assert [(violation.severity, violation.path) for violation in found] == [("error", "")]


def test_what_json_cannot_hold_raises() -> None:
    with pytest.raises(TypeError):
        validate({"elements": [object()]})


def test_a_number_that_is_none_is_found() -> None:
    assert next((v.code, v.path) for v in validate({"duration": float("inf")})) == ("finite_number", "/duration")
