"""What the schema cannot say: references between elements, features that do not exist, and likely mistakes.

Scenes come as validated, with every default filled in.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from framelane.timeline.problems import Part, Violation, nearest, pointer
from framelane.timeline.times import end_s, exact
from framelane.timeline.vocabulary import PARTS, Vocabulary, normal_family

Node = Mapping[str, Any]
Specs = Mapping[str, Node]
_SECTIONS = {"output_format": "output_formats", "blend_mode": "blend_modes", "animation_preset": "animation_presets"}


def broken_references(scene: Node) -> Iterator[Violation]:
    """Transitions that join nothing, or something twice."""
    visual = Counter(e["id"] for e in scene["elements"] if e["id"] and e["type"] != "audio")
    for index, transition in enumerate(scene["transitions"]):
        used = {name: transition[name] for name in ("from_id", "to_id")}
        if not any(used.values()):
            yield _error("DANGLING_TRANSITION", "name from_id, to_id or both", "transitions", index)
        elif used["from_id"] == used["to_id"]:
            yield _error("TRANSITION_SELF", "from_id and to_id are the same element", "transitions", index)
        for name, element_id in used.items():
            if element_id and visual[element_id] == 0:
                message = f"no visual element has id {element_id!r}{nearest(element_id, list(visual))}"
                yield _error("DANGLING_TRANSITION", message, "transitions", index, name)
            elif element_id and visual[element_id] > 1:
                message = f"{visual[element_id]} elements have id {element_id!r}; a transition needs one"
                yield _error("DUPLICATE_ELEMENT_ID", message, "transitions", index, name)


def unsupported_features(scene: Node, vocabulary: Vocabulary) -> Iterator[Violation]:
    """What is well said, but not rendered."""
    yield from _unsupported_names(scene, vocabulary, vocabulary.canvas, [])
    for index, element in enumerate(scene["elements"]):
        yield from unsupported_in(element, vocabulary, ["elements", index])
    for index, transition in enumerate(scene["transitions"]):
        yield from _unsupported_type(transition, vocabulary, "transitions", ["transitions", index])


def unsupported_in(element: Node, vocabulary: Vocabulary, here: list[Part]) -> Iterator[Violation]:
    """What of one element is not rendered; `here` is where it is in the scene."""
    yield from _unsupported_names(element, vocabulary, vocabulary.elements[element["type"]], here)
    for place, effect in enumerate(element.get("effects", ())):
        yield from _unsupported_type(effect, vocabulary, "effects", [*here, "effects", place])
    for place, motion in enumerate(element.get("motion", ())):
        yield from _unsupported_motion(motion, element, vocabulary, [*here, "motion", place])


def _unsupported_names(
    node: Node, vocabulary: Vocabulary, specs: Mapping[str, Node], here: list[Part]
) -> Iterator[Violation]:
    for name, spec in specs.items():
        value = node.get(name)
        if not spec.get("supported", True) and value != spec.get("default"):
            yield _unsupported(str(spec.get("reason") or "Not supported."), *here, name)
        elif value and name in _SECTIONS and (reason := vocabulary.reason_against(_SECTIONS[name], value)):
            yield _unsupported(f"{name} {value!r}: {reason}", *here, name)


def _unsupported_type(node: Node, vocabulary: Vocabulary, section: str, here: list[Part]) -> Iterator[Violation]:
    if reason := vocabulary.reason_against(section, node["type"]):
        yield _unsupported(f"{node['type']!r}: {reason}", *here, "type")


def _unsupported_motion(motion: Node, element: Node, vocabulary: Vocabulary, here: list[Part]) -> Iterator[Violation]:
    """Each motion exists in some directions at some scopes."""
    entry, scope, name = vocabulary.motions[motion["type"]], motion["scope"], motion["type"]
    is_loop = entry["family"] == "loop"
    cell, direction = vocabulary.cell(name, scope), direction_of(motion, vocabulary)
    if scope == "character" and element["type"] != "text":
        yield _unsupported("scope 'character' is for text elements", *here, "scope")
    elif cell is None or not cell.get(direction):
        field = "loop" if motion["loop"] and not is_loop else "type"
        message = f"motion {name!r} has no {direction} at scope {scope!r}; it has {ways_of(name, vocabulary)}"
        yield _unsupported(message, *here, field)
    else:
        yield from _unsupported_type(motion, vocabulary, "motions", here)


def direction_of(motion: Node, vocabulary: Vocabulary) -> str:
    """`entrance`, `exit` or `loop`, as the motion is asked for; types that can only leave do so unasked."""
    entry = vocabulary.motions[motion["type"]]
    if entry["family"] == "loop" or motion.get("loop"):
        return "loop"
    return "exit" if motion.get("reversed") or entry["exit_only"] else "entrance"


def ways_of(motion: str, vocabulary: Vocabulary) -> str:
    """In which directions a motion works, by scope: `entrance and exit at element`."""
    ways = {}
    for entry in vocabulary.motions[motion]["scopes"]:
        cell = vocabulary.cell(motion, entry["type"]) or {}
        ways[entry["type"]] = [name for name in ("entrance", "exit", "loop") if cell.get(name)]
    return ", ".join(f"{' and '.join(found)} at {scope!r}" for scope, found in ways.items() if found)


def warnings(scene: Node, vocabulary: Vocabulary) -> Iterator[Violation]:
    """What is probably not meant."""
    if not any(element["visible"] for element in scene["elements"]):
        yield _warning("EMPTY_TIMELINE", "no visible element: the film shows its background", "elements")
    seen: set[str] = set()
    for index, element in enumerate(scene["elements"]):
        if element["id"] and element["id"] in seen:
            yield _warning("DUPLICATE_ELEMENT_ID", f"id {element['id']!r} is used twice", "elements", index, "id")
        seen.add(element["id"])
        yield from _late(scene, element, index)
        if element["type"] == "text":
            yield from _of_text(element, vocabulary, index)
    yield from _gaps(scene)


def _late(scene: Node, element: Node, index: int) -> Iterator[Violation]:
    if scene["duration"] is not None and element["time"] >= scene["duration"]:
        message = f"begins at {element['time']} s, at or after the film's end at {scene['duration']} s"
        yield _warning("ELEMENT_AFTER_END", message, "elements", index, "time")


def _of_text(element: Node, vocabulary: Vocabulary, index: int) -> Iterator[Violation]:
    families = [normal_family(part) for part in element["font_family"].split(",")]
    if not vocabulary.fonts.intersection(families):
        message = f"the font {element['font_family']!r} is none of those that capabilities list; Inter stands in for it"
        yield _warning("FONT_FALLBACK", message, "elements", index, "font_family")
    words: Sequence[Node] = (element["word_animation"] or {}).get("words", ())
    for place, word in enumerate(words):
        if word["start"] < element["time"] or word["end"] > element["time"] + element["duration"]:
            message = f"{word['text']!r} lies outside its element's time"
            yield _warning("WORD_OUTSIDE_ELEMENT", message, "elements", index, "word_animation", "words", place)


def _gaps(scene: Node) -> Iterator[Violation]:
    """Gaps that transitions would have to bridge, where both sides are known."""
    clips = {element["id"]: element for element in scene["elements"] if element["id"] and element["type"] != "audio"}
    for index, transition in enumerate(scene["transitions"]):
        first, second = clips.get(transition["from_id"]), clips.get(transition["to_id"])
        end = end_s(first) if first else None
        if second is None or end is None or not (gap := exact(second["time"]) - end) > 0:
            continue
        names = f"{transition['from_id']!r} and {transition['to_id']!r}"
        message = f"a gap of {float(gap):g} s between {names}: the last frame is held"
        yield _warning("TRANSITION_GAP", message, "transitions", index)


def unknown_fields(payload: Any, vocabulary: Vocabulary) -> Iterator[Violation]:
    """Fields that are not part of a scene, at any depth. The API ignores them."""
    if isinstance(payload, dict):
        yield from _unknown(payload, vocabulary.canvas, vocabulary, [])


def _unknown(node: Node, known: Specs, vocabulary: Vocabulary, here: list[Part]) -> Iterator[Violation]:
    for name, value in node.items():
        if name in known:
            for item, path in _objects(value, [*here, name]):
                specs = _specs_of(name, known[name], item, vocabulary)
                yield from _unknown(item, specs, vocabulary, path) if specs else ()
        else:
            message = f"unknown field {name!r} is ignored{nearest(name, list(known))}"
            yield _warning("UNKNOWN_FIELD", message, *here, name)


def _objects(value: Any, here: list[Part]) -> Iterator[tuple[Node, list[Part]]]:
    """A value that is an object, or those in a list, with where they are."""
    if isinstance(value, dict):
        yield value, here
    for index, item in enumerate(value if isinstance(value, list) else ()):
        if isinstance(item, dict):
            yield item, [*here, index]


def _specs_of(name: str, spec: Node, item: Node, vocabulary: Vocabulary) -> Specs:
    """What the fields of an object in field `name` may be; nothing where its fields are free."""
    if name == "elements":
        kind = item.get("type")
        return vocabulary.elements.get(kind, {}) if isinstance(kind, str) else {}
    kind = spec["type"].partition("|")[0]
    known_as = "transition" if name == "transitions" else name if kind == "object" else kind
    return PARTS.get(known_as[len("array<") : -1] if known_as.startswith("array<") else known_as, {})


def _error(code: str, message: str, *path: Part) -> Violation:
    return Violation(code, message, "error", pointer(*path))


def _unsupported(message: str, *path: Part) -> Violation:
    return _error("unsupported_feature", message, *path)


def _warning(code: str, message: str, *path: Part) -> Violation:
    return Violation(code, message, "warning", pointer(*path))
