"""The examples of the OpenAPI document are ones that it allows, and that the API takes."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from framelane.api.openapi import build
from gpu_tasks.timeline.lint import lint, parse_render

DOCUMENT = build()
BODIES = sorted(
    {
        operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for operations in DOCUMENT["paths"].values()
        for operation in operations.values()
        if "requestBody" in operation
    }
)


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": DOCUMENT["components"]}
    validator = Draft202012Validator(whole, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(value)]


def examples(node: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema that has an example, with its place in the document."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from examples(item, f"{place}/{index}")
    elif isinstance(node, dict):
        if "example" in node and not place.endswith(("/properties", "/example")):
            yield place, node
        for name, child in node.items():
            if name != "example" or place.endswith("/properties"):
                yield from examples(child, f"{place}/{name}")


@pytest.mark.parametrize(("place", "schema"), [pytest.param(*found, id=found[0]) for found in examples(DOCUMENT)])
def test_an_example_is_of_its_schema(place: str, schema: dict[str, Any]) -> None:
    # A parameter or a body keeps its schema beside the example.
    assert problems(schema.get("schema", schema), schema["example"]) == []


@pytest.mark.parametrize("name", BODIES)
def test_the_examples_of_a_body_make_a_body(name: str) -> None:
    assert problems(DOCUMENT["components"]["schemas"][name], body_of_examples(name)) == []


@pytest.mark.parametrize("name", BODIES)
def test_every_field_that_a_body_must_have_shows_an_example(name: str) -> None:
    required = set(DOCUMENT["components"]["schemas"][name].get("required", []))
    assert required <= body_of_examples(name).keys()


def body_of_examples(name: str) -> dict[str, Any]:
    schema = DOCUMENT["components"]["schemas"][name]
    fields = schema.get("properties", {})
    return schema.get("example") or {key: field["example"] for key, field in fields.items() if "example" in field}


def test_the_film_of_the_document_has_nothing_to_complain_of() -> None:
    film = parse_render(body_of_examples("RenderRequest"))
    assert film.elements
    assert lint(film) == []
