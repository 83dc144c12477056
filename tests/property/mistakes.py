"""Valid requests with one mistake in them, and where and how that mistake must be named.

The mistakes are derived from the published catalogue: every range, type, enum and rule of it is broken in turn.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from gpu_tasks.timeline.catalogue import catalogue
from tests.property.requests import elements, requests, transitions

Path = tuple[str | int, ...]
Spec = dict[str, Any]
KINDS = ("video", "image", "text", "audio")
DELETED = object()
PATTERN = "string_pattern_mismatch"


@dataclass(frozen=True)
class Mistake:
    """Writing `changes` (a value for each path) must be refused at `path` with one of `codes`."""

    path: Path
    codes: frozenset[str]
    changes: dict[Path, Any] = field(default_factory=dict, hash=False)
    answer: str = "validation_error"

    def in_request(self, request: dict[str, Any]) -> dict[str, Any]:
        made = deepcopy(request)
        for path, value in self.changes.items():
            node: Any = made
            for part in path[:-1]:
                node = node[part]
            if value is DELETED:
                node.pop(path[-1], None)
            else:
                node[path[-1]] = value
        return made

    def deeper(self, *parts: str | int) -> "Mistake":
        """The same change, whose mistake lies inside of the value."""
        return replace(self, path=(*self.path, *parts))

    @property
    def pointer(self) -> str:
        return "".join(f"/{part}" for part in self.path)


def at(path: Path, value: Any, *codes: str) -> Mistake:
    return Mistake(path, frozenset(codes), {path: value})


WRONG: dict[str, tuple[tuple[Any, tuple[str, ...]], ...]] = {
    "number": (("many", ("float_parsing",)), ([], ("float_type",)), (float("inf"), ("finite_number",))),
    "integer": ((1.5, ("int_from_float",)), ("few", ("int_parsing",)), ({}, ("int_type",))),
    "boolean": (("perhaps", ("bool_parsing",)), ([], ("bool_type",)), (7, ("bool_parsing",))),
    "string": ((5, ("string_type",)), (["a"], ("string_type",))),
    "dimension": (("12em", ("dimension",)), ("", ("dimension",)), ([], ("float_type", "string_type"))),
    "dimension_angle": (("12grad", ("angle",)), ("∞", ("angle",)), ({}, ("float_type", "string_type"))),
    "hex_color": (("red", (PATTERN,)), ("#12345", (PATTERN,)), (3, ("string_type",))),
    "url": (("ftp://a.test/b.mp4", ("url",)), ("", ("string_too_short",)), (1, ("string_type",))),
    "enum": (("nonsense", ("enum",)), (3, ("enum",)), ("", ("enum",))),
    "array": (({}, ("list_type",)), ("none", ("list_type",))),
    "object": ((5, ("model_type", "model_attributes_type")), ("x", ("model_type", "model_attributes_type"))),
    "map": ((5, ("dict_type",)), ([1], ("dict_type",))),
}
"""What no field of a type accepts, and the codes with which it may be refused."""


def mistakes_in(path: Path, spec: Spec) -> Iterator[Mistake]:
    """Every way to break one field."""
    kind = "enum" if "enum" in spec else spec["type"].partition("|")[0].partition("<")[0]
    for value, codes in WRONG[kind]:
        yield at(path, value, *codes)
    if "min" in spec:
        yield at(path, spec["min"] - 1, "greater_than_equal")
    if "exclusive_min" in spec:
        yield at(path, spec["exclusive_min"], "greater_than")
    if "max" in spec:
        yield at(path, spec["max"] + 1, "less_than_equal")
    if spec.get("min_length"):
        yield at(path, "", "string_too_short")
    if spec.get("required"):
        yield at(path, DELETED, "missing")


def fields_of(specs: dict[str, Spec], path: Path, without: tuple[str, ...] = ()) -> Iterator[Mistake]:
    for name, spec in specs.items():
        if name not in without:
            yield from mistakes_in((*path, name), spec)


def element_mistakes(request: dict[str, Any], index: int) -> Iterator[Mistake]:
    element, path = request["elements"][index], ("elements", index)
    kind = element["type"]
    yield at((*path, "type"), "vidio", "union_tag_invalid")
    yield at((*path, "type"), DELETED, "union_tag_not_found")
    yield from fields_of(catalogue()["elements"][kind], path, without=("type",))
    parts = catalogue()["sub_objects"]
    for place in range(len(element.get("effects", ()))):
        yield from fields_of(parts["effect"], (*path, "effects", place), without=("chroma_settings",))
        yield at((*path, "effects", place, "chroma_settings"), {"hue_min": 361}, "less_than_equal").deeper("hue_min")
    for place in range(len(element.get("motion", ()))):
        yield from fields_of(parts["motion"], (*path, "motion", place), without=("loop",))
        yield from _motion_rules(kind, (*path, "motion", place))
    yield from RULES[kind](path)


def _motion_rules(kind: str, path: Path) -> Iterator[Mistake]:
    """Types in directions and scopes that the catalogue does not know."""
    for entry in catalogue()["motions"]:
        for scope in ("element", "character"):
            if scope == "character" and kind != "text":
                continue
            cell = entry[scope]
            forced = entry["exit_only_forced"] or entry["family"] == "loop"
            for reversed_, direction in ((False, "entrance"), (True, "exit")):
                if not forced and not (cell or {}).get(direction):
                    wish = {"type": entry["type"], "scope": scope, "reversed": reversed_}
                    yield _unsupported((*path, "type"), path, wish)
    if kind != "text":
        yield _unsupported((*path, "scope"), path, {"type": "fade", "scope": "character", "reversed": False})


def _unsupported(path: Path, motion: Path, wish: dict[str, Any]) -> Mistake:
    changes = {(*motion, name): value for name, value in {**wish, "loop": None}.items()}
    return Mistake(path, frozenset({"unsupported_feature"}), changes, "unsupported_feature")


def _rules_of_playing(path: Path) -> Iterator[Mistake]:
    yield Mistake(path, frozenset({"out_point"}), {(*path, "in_point"): 2, (*path, "out_point"): 2})


def _rules_of_pictures(path: Path) -> Iterator[Mistake]:
    for one, other in (("left", "right"), ("top", "bottom")):
        yield Mistake(path, frozenset({"crop"}), {(*path, f"crop_{one}"): 0.5, (*path, f"crop_{other}"): 0.5})


def _rules_of_videos(path: Path) -> Iterator[Mistake]:
    yield from _rules_of_playing(path)
    yield from _rules_of_pictures(path)
    yield Mistake(path, frozenset({"source_extension"}), {(*path, "source_url"): "https://a.test/b.avi"})


def _rules_of_texts(path: Path) -> Iterator[Mistake]:
    for one, other in (("background", "stroke"), ("stroke", "shadow"), ("shadow", "background")):
        yield Mistake(path, frozenset({"text_flags"}), {(*path, one): True, (*path, other): True})
    words = (*path, "word_animation")
    said = {"text": "a", "start": 0, "end": 1}
    yield at(words, {"style": "shout", "words": [said]}, "enum").deeper("style")
    yield at(words, {"style": "glow", "words": []}, "too_short").deeper("words")
    yield at(words, {"style": "glow", "words": [said, {**said, "end": 0}]}, "greater_than").deeper("words", 1, "end")
    yield at(words, {"style": "glow", "words": [{**said, "start": -1}]}, "greater_than_equal").deeper(
        "words", 0, "start"
    )
    yield at((*path, "animation_preset"), "explod", "enum")


RULES = {
    "video": _rules_of_videos,
    "audio": _rules_of_playing,
    "image": _rules_of_pictures,
    "text": _rules_of_texts,
}


def canvas_mistakes() -> Iterator[Mistake]:
    without = ("both_or_neither", "size_when_omitted", "duration_fallback_seconds")
    specs = {name: spec for name, spec in catalogue()["canvas"].items() if name not in without}
    yield from fields_of(specs, ())
    yield Mistake((), frozenset({"canvas_size"}), {("width",): DELETED})
    yield Mistake((), frozenset({"canvas_size"}), {("height",): None})
    for name in ("mp4", "gif", "png", "jpg"):
        yield Mistake((), frozenset({"alpha_format"}), {("alpha",): True, ("output_format",): name})


def transition_mistakes(request: dict[str, Any], place: int) -> Iterator[Mistake]:
    path = ("transitions", place)
    yield from fields_of(catalogue()["sub_objects"]["transition"], path)
    some_id = next(e["id"] for e in request["elements"] if e["type"] != "audio")
    both: dict[Path, Any] = {(*path, "from_id"): some_id, (*path, "to_id"): some_id}
    yield Mistake(path, frozenset({"TRANSITION_SELF"}), both)
    yield Mistake(path, frozenset({"DANGLING_TRANSITION"}), {(*path, "from_id"): None, (*path, "to_id"): None})
    for end in ("from_id", "to_id"):
        yield at((*path, end), "nobody", "DANGLING_TRANSITION")
        yield at((*path, end), "sound", "DANGLING_TRANSITION")
        yield at((*path, end), "twin", "DUPLICATE_ELEMENT_ID")


@st.composite
def full_requests(draw: st.DrawFn) -> dict[str, Any]:
    """A valid request that has at least one of everything, its sources on the web."""
    request = draw(requests())
    for kind in KINDS:
        element = draw(elements(len(request["elements"]), kind))
        if kind in ("video", "image"):
            element["effects"] = [*element.get("effects", []), {"type": "sepia"}]
        if kind != "audio":
            motion = {"type": "fade", "time": 0, "duration": 1}
            element["motion"] = [*element.get("motion", []), motion]
        request["elements"].append(element)
    twin = {"type": "text", "text": "a", "duration": 1, "id": "twin"}
    request["elements"] += [twin, twin, {"type": "audio", "source_url": "tone.mp3", "id": "sound"}]
    ids = [e["id"] for e in request["elements"] if e["type"] != "audio" and e["id"] != "twin"]
    request["transitions"].append(draw(transitions(ids)))
    return on_the_web(request)


def on_the_web(node: Any) -> Any:
    """The same with every source at a host."""
    if isinstance(node, list):
        return [on_the_web(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    return {
        name: f"https://media.test/{value}" if name.endswith("_url") else on_the_web(value)
        for name, value in node.items()
    }


def all_mistakes(request: dict[str, Any]) -> list[Mistake]:
    """Every mistake that can be made in a request."""
    found = list(canvas_mistakes())
    for index in range(len(request["elements"])):
        found += element_mistakes(request, index)
    for place in range(len(request["transitions"])):
        found += transition_mistakes(request, place)
    return found
