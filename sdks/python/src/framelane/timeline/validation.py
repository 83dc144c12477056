"""Whether the API would accept a scene, found out without asking it."""

import json
from functools import lru_cache
from typing import Any, Optional, Union

from pydantic import BaseModel, ValidationError

from framelane.timeline import rules
from framelane.timeline.problems import Violation, pointer, violations_of
from framelane.timeline.schema import Schema
from framelane.timeline.vocabulary import Document, Vocabulary, default_vocabulary

Capabilities = Union[Document, BaseModel]
"""A capabilities document: as JSON, or the model that the client returns."""


class Checker:
    """Checks scenes against one capabilities document."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.schema = Schema(vocabulary)

    def scene(self, payload: Any) -> list[Violation]:
        """Everything that there is to say about a scene, errors first."""
        errors, scene = self._errors(payload)
        ignored = list(rules.unknown_fields(payload, self.vocabulary))
        if errors or scene is None:
            return [*errors, *ignored]
        return [*rules.warnings(scene, self.vocabulary), *ignored]

    def _errors(self, payload: Any) -> tuple[list[Violation], Optional[dict[str, Any]]]:
        """In the order of the API, which tells of one kind of mistake at a time."""
        if compositions := list(_compositions(payload)):
            return compositions, None
        try:
            scene = self.schema.scene.model_validate(payload).model_dump(warnings=False)
        except ValidationError as error:
            return violations_of(error, payload), None
        broken = list(rules.broken_references(scene))
        return broken or list(rules.unsupported_features(scene, self.vocabulary)), scene


def _compositions(payload: Any) -> list[Violation]:
    elements = payload.get("elements") if isinstance(payload, dict) else None
    return [
        Violation(
            "unsupported_feature",
            "element type 'composition' is not supported",
            "error",
            pointer("elements", index, "type"),
        )
        for index, element in enumerate(elements if isinstance(elements, list) else [])
        if isinstance(element, dict) and element.get("type") == "composition"
    ]


@lru_cache(maxsize=1)
def default_checker() -> Checker:
    """The checker of the capabilities that come with the package."""
    return Checker(default_vocabulary())


def as_json(scene: Any) -> Any:
    """A scene as it is sent: what JSON can hold. Raises TypeError where something in it is no JSON."""
    if isinstance(scene, BaseModel):
        return scene.model_dump(mode="json", exclude_unset=True)
    built = scene.build() if hasattr(scene, "build") else scene
    return json.loads(json.dumps(built))


def validate(scene: Any, capabilities: Optional[Capabilities] = None) -> list[Violation]:
    """Check a scene (a dict, a `Timeline` or a `RenderRequest` model) without sending it.

    `capabilities` is what `client.capabilities.get()` returns; without it the scene is checked against the ones that
    this version of the package was made for. Nothing is looked up: whether a source exists, and whether the plan of a
    workspace allows the film, only the API can tell. An empty list, or one of warnings, means: it would be accepted.
    """
    if isinstance(capabilities, BaseModel):
        capabilities = capabilities.model_dump()
    checker = default_checker() if capabilities is None else Checker(Vocabulary(capabilities))
    return checker.scene(as_json(scene))
