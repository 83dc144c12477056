"""The places of values in a text: for any JSON, written in any way."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.console.playground.checking import readable
from apps.console.playground.positions import Text, members
from apps.console.playground.pretty import WIDTH, pretty
from gpu_tasks.timeline.problems import pointer

pytestmark = pytest.mark.slow

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=40)


def pointers(value: Any, parts: tuple[str | int, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every pointer into a value, with what it leads to."""
    yield pointer(parts), value
    children = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    for key, child in children:
        yield from pointers(child, (*parts, key))


def written(value: Any, chance: random.Random) -> str:
    """JSON with spaces, line breaks and escapes wherever they may be."""
    if isinstance(value, dict):
        inner = ",".join(f"{written(key, chance)}{_gap(chance)}:{written(item, chance)}" for key, item in value.items())
        text = f"{{{inner}{_gap(chance)}}}"
    elif isinstance(value, list):
        text = f"[{','.join(written(item, chance) for item in value)}{_gap(chance)}]"
    else:
        text = json.dumps(value, ensure_ascii=chance.random() < 0.5)
    return _gap(chance) + text + _gap(chance)


def _gap(chance: random.Random) -> str:
    return "".join(chance.choice(" \n\t\r") for _ in range(chance.randrange(3)))


@unhurried
@given(VALUES, st.randoms(use_true_random=False))
def test_the_text_at_a_pointer_is_its_value(value: Any, chance: random.Random) -> None:
    text = written(value, chance)
    wanted = dict(pointers(value))
    found = members(text, wanted)
    assert found.keys() == wanted.keys()
    for path, member in found.items():
        assert json.loads(text[member.value.start : member.value.end]) == wanted[path]


@unhurried
@given(st.dictionaries(st.text(), VALUES, min_size=1), st.randoms(use_true_random=False))
def test_the_key_of_a_member_is_its_name(value: dict[str, Any], chance: random.Random) -> None:
    text = written(value, chance)
    found = members(text, [pointer([name]) for name in value])
    for name in value:
        key = found[pointer([name])].key
        assert key is not None
        assert json.loads(text[key.start : key.end]) == name


@unhurried
@given(VALUES, st.text())
def test_what_does_not_exist_is_not_found(value: Any, name: str) -> None:
    missing = pointer([name, "nowhere", 0])
    exists = {path for path, _ in pointers(value)}
    assert (missing in members(json.dumps(value), [missing])) == (missing in exists)


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    text = '{"a": {"b": 1}, "a": {"b": 2}}'
    place = members(text, ["/a/b"])["/a/b"].value
    assert text[place.start : place.end] == "2"
    assert place.start > text.index("1")


def test_what_only_an_earlier_key_of_the_name_has_does_not_exist() -> None:
    assert members('{"a": {"b": 1}, "a": 3}', ["/a/b", "/a"]).keys() == {"/a"}


def test_names_with_slashes_and_tildes_are_found_by_their_pointers() -> None:
    text = '{"a/b": {"~": [7]}}'
    place = members(text, ["/a~1b/~0/0"])["/a~1b/~0/0"].value
    assert text[place.start : place.end] == "7"


def test_a_deep_text_is_walked_without_recursion() -> None:
    depth = 50_000
    text = "[" * depth + "1" + "]" * depth
    assert members(text, [""])[""].value.end == len(text)


@unhurried
@given(st.text(alphabet="a\n😀é\r"), st.data())
def test_offsets_of_browsers_count_code_units(source: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(source)))
    assert Text(source).browser_offset(offset) == len(source[:offset].encode("utf-16-le")) // 2


@unhurried
@given(st.text(alphabet="ab\n😀"), st.data())
def test_lines_and_columns_count_from_one(source: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(source)))
    before = source[:offset].split("\n")
    assert Text(source).line_and_column(offset) == (len(before), len(before[-1]) + 1)


def test_pointers_are_written_as_people_write_paths() -> None:
    assert readable("/elements/2/effects/0/type") == "elements[2].effects[0].type"
    assert readable("") == ""


@unhurried
@given(VALUES)
def test_pretty_text_holds_the_same_value(value: Any) -> None:
    assert json.loads(pretty(value)) == value


def test_pretty_text_keeps_its_width_where_it_can() -> None:
    film = {"width": 16, "elements": [{f"property_{index}": "x" * index for index in range(20)}]}
    assert max(map(len, pretty(film).splitlines())) <= WIDTH
