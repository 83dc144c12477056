"""What the schema cannot say: references between elements, features that are not rendered yet, and likely mistakes."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, Literal, get_args

from pydantic import BaseModel, ValidationError

from gpu_tasks.timeline.catalogue import NOT_YET, UNSUPPORTED_FIELDS, motion_entry
from gpu_tasks.timeline.problems import Problem, pointer, problems_of
from gpu_tasks.timeline.request import (
    AudioElement,
    Element,
    Motion,
    RenderRequest,
    TextElement,
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A finding of the linter. `path` is a JSON pointer."""

    code: str
    message: str
    severity: Literal["error", "warning"]
    path: str


class InvalidRequest(ValueError):
    """A request that cannot be accepted; `code` is `validation_error` or `unsupported_feature`."""

    def __init__(self, code: Literal["validation_error", "unsupported_feature"], problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems[:5]))
        self.code = code
        self.problems = problems


def parse_render(payload: Any, *, local_sources: bool = False) -> RenderRequest:
    """Validate a request as far as possible without looking at its sources.

    `local_sources` also admits file paths as source URLs (for the command line, never for the API).
    Raises InvalidRequest.
    """
    _refuse_compositions(payload)
    try:
        request = RenderRequest.model_validate(payload, context={"local_sources": local_sources})
    except ValidationError as error:
        raise InvalidRequest("validation_error", problems_of(error, payload)) from None
    if errors := [v for v in lint(request) if v.severity == "error"]:
        raise InvalidRequest("validation_error", [Problem(v.path, v.code, v.message) for v in errors])
    if unsupported := list(unsupported_features(request)):
        raise InvalidRequest("unsupported_feature", unsupported)
    return request


def _refuse_compositions(payload: Any) -> None:
    elements = payload.get("elements") if isinstance(payload, dict) else None
    found = [
        _unsupported(pointer(["elements", i, "type"]), "element type 'composition'")
        for i, element in enumerate(elements if isinstance(elements, list) else [])
        if isinstance(element, dict) and element.get("type") == "composition"
    ]
    if found:
        raise InvalidRequest("unsupported_feature", found)


def lint(request: RenderRequest) -> list[Violation]:
    """Every finding about a request that passed its schema, errors first."""
    findings = [*_transition_findings(request), *_element_findings(request)]
    return sorted(findings, key=lambda finding: finding.severity)


def _transition_findings(request: RenderRequest) -> Iterator[Violation]:
    visual = Counter(e.id for e in request.elements if e.id and not isinstance(e, AudioElement))
    for index, transition in enumerate(request.transitions):
        used = [("from_id", transition.from_id), ("to_id", transition.to_id)]
        if not any(element_id for _, element_id in used):
            yield Violation(
                "DANGLING_TRANSITION", "name from_id, to_id or both", "error", pointer(["transitions", index])
            )
        elif transition.from_id == transition.to_id:
            yield Violation(
                "TRANSITION_SELF", "from_id and to_id are the same element", "error", pointer(["transitions", index])
            )
        for field, element_id in used:
            path = pointer(["transitions", index, field])
            if element_id and visual[element_id] == 0:
                yield Violation("DANGLING_TRANSITION", f"no visual element has id {element_id!r}", "error", path)
            elif element_id and visual[element_id] > 1:
                yield Violation(
                    "DUPLICATE_ELEMENT_ID",
                    f"{visual[element_id]} elements have id {element_id!r}; a transition needs one",
                    "error",
                    path,
                )


def _element_findings(request: RenderRequest) -> Iterator[Violation]:
    if not any(element.visible for element in request.elements):
        yield Violation("EMPTY_TIMELINE", "no visible element: the film shows its background", "warning", "/elements")
    seen: set[str] = set()
    for index, element in enumerate(request.elements):
        path = pointer(["elements", index])
        if element.id and element.id in seen:
            yield Violation("DUPLICATE_ELEMENT_ID", f"id {element.id!r} is used twice", "warning", f"{path}/id")
        seen.add(element.id)
        if request.duration is not None and element.time >= request.duration:
            message = f"begins at {element.time} s, at or after the film's end at {request.duration} s"
            yield Violation("ELEMENT_AFTER_END", message, "warning", f"{path}/time")
        if isinstance(element, TextElement) and element.word_animation:
            yield from _word_findings(element, path)


def _word_findings(element: TextElement, path: str) -> Iterator[Violation]:
    assert element.word_animation is not None
    for index, word in enumerate(element.word_animation.words):
        if word.start < element.time or word.end > element.time + element.duration:
            yield Violation(
                "WORD_OUTSIDE_ELEMENT",
                f"{word.text!r} lies outside its element's time",
                "warning",
                f"{path}/word_animation/words/{index}",
            )


def unknown_fields(payload: Any, *, at_most: int | None = None) -> list[Violation]:
    """Fields of a request that the contract does not know, at any depth. They are ignored; a dry run names them."""
    return list(islice(_unknown(payload, RenderRequest, []), at_most))


def _unknown(node: Any, expected: Any, path: list[str | int]) -> Iterator[Violation]:
    """What of a value, or of the items of a list, its type does not know."""
    if isinstance(node, dict):
        yield from _unknown_in(node, _chosen(_models_of(expected), node), path)
    for index, item in enumerate(node if isinstance(node, list) else ()):
        if isinstance(item, dict):
            yield from _unknown_in(item, _chosen(_models_of(expected), item), [*path, index])


def _unknown_in(node: dict[str, Any], model: type[BaseModel] | None, path: list[str | int]) -> Iterator[Violation]:
    """What is of another type altogether, without a model, is not ignored but refused."""
    fields = model.model_fields if model else {}
    for name, value in node.items() if model else ():
        if name in fields:
            yield from _unknown(value, fields[name].annotation, [*path, name])
        else:
            yield Violation("UNKNOWN_FIELD", f"unknown field {name!r} is ignored", "warning", pointer([*path, name]))


@cache
def _models_of(expected: Any) -> tuple[type[BaseModel], ...]:
    """The models that a type speaks of: itself, those that it may be one of, those that it is a list of."""
    if isinstance(expected, type) and issubclass(expected, BaseModel):
        return (expected,)
    return tuple(model for part in get_args(expected) for model in _models_of(part))


def _chosen(models: tuple[type[BaseModel], ...], node: dict[str, Any]) -> type[BaseModel] | None:
    """The model that a value is held to: the only one, or the one that its `type` names."""
    if len(models) == 1:
        return models[0]
    return next((model for model in models if node.get("type") in _types_of(model)), None)


def _types_of(model: type[BaseModel]) -> tuple[Any, ...]:
    return get_args(model.model_fields["type"].annotation)


def unsupported_features(request: RenderRequest) -> Iterator[Problem]:
    """Everything the request asks for that this version would have to leave out of the picture."""
    for field in sorted(UNSUPPORTED_FIELDS):
        if getattr(request, field):
            yield _unsupported(pointer([field]), f"field {field!r}")
    for index, element in enumerate(request.elements):
        if not isinstance(element, AudioElement):
            for place, motion in enumerate(element.motion):
                yield from _unsupported_motion(motion, element, ["elements", index, "motion", place])


def _unsupported_motion(motion: Motion, element: Element, path: list[str | int]) -> Iterator[Problem]:
    """Each motion exists in some directions at some scopes; the catalogue's table says in which."""
    cell = motion_entry(motion.type)[motion.scope]
    direction = "loop" if motion.is_loop or motion.loop else "exit" if motion.is_exit else "entrance"
    if motion.scope == "character" and not isinstance(element, TextElement):
        yield Problem(pointer([*path, "scope"]), "unsupported_feature", "scope 'character' is for text elements")
    elif cell is None or not cell[direction]:
        field = "loop" if motion.loop and not motion.is_loop else "type"
        message = f"motion {motion.type!r} has no {direction} at scope {motion.scope!r}"
        yield Problem(pointer([*path, field]), "unsupported_feature", message)


def _unsupported(path: str, what: str) -> Problem:
    return Problem(path, "unsupported_feature", f"{what} is not supported yet. {NOT_YET}")
