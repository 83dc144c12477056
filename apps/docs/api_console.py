"""What the interactive reference shows: every operation, ready to be sent."""

from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from apps.docs.api_reference.commands import curl, shown
from apps.docs.api_reference.document import Operation, Schema, component, name_of, tags
from apps.docs.api_reference.schemas import about, body_example, bounds_of, example_of, type_of, values_of
from apps.docs.api_reference.written import FOLDER, title_of
from apps.docs.links import HOME
from apps.docs.rendering.code import Block, drawn
from apps.docs.rendering.words import formatted


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a schema, or a parameter: `place` is path, query, header or "" for one of a body.

    `choices` are the values that a form offers, `value` is what it starts with.
    """

    name: str
    kind: SafeString
    text: SafeString
    is_required: bool
    place: str = ""
    choices: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and what comes with it."""

    status: str
    text: SafeString
    schema: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation as the page shows it."""

    operation: Operation
    text: SafeString
    parameters: tuple[Field, ...]
    body: str
    body_schema: str
    body_fields: tuple[Field, ...]
    command: SafeString
    answers: tuple[Answer, ...]
    answer: SafeString
    words: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Operations of one tag. `page` is where all of their objects are explained."""

    name: str
    title: str
    text: str
    page: str
    entries: tuple[Entry, ...]


def subjects() -> list[Subject]:
    """Everything in the order of the document."""
    return [
        Subject(
            tag.name,
            title_of(tag.name),
            tag.description,
            f"{HOME}{FOLDER}/{tag.name}",
            tuple(_entry(one, f"{HOME}{FOLDER}/{tag.name}") for one in tag.operations),
        )
        for tag in tags()
    ]


def _entry(operation: Operation, page: str) -> Entry:
    body = operation.body
    return Entry(
        operation=operation,
        text=formatted(operation.description),
        parameters=tuple(_parameter(one, page) for one in operation.parameters),
        body=shown(body_example(body)) if body is not None else "",
        body_schema=name_of(body) if body is not None else "",
        body_fields=_fields(body, page),
        command=drawn(Block("sh", curl(operation) + "\n")),
        answers=tuple(
            Answer(status, formatted(text), name_of(schema or {})) for status, text, schema in operation.answers
        ),
        answer=_answer(operation),
        words=_words(operation),
    )


def _words(operation: Operation) -> str:
    """What the filter looks through."""
    fields = [parameter["name"] for parameter in operation.parameters]
    body = name_of(operation.body or {})
    fields += component(body).get("properties", ()) if body else []
    return " ".join([operation.method, operation.path, operation.id, operation.summary, *fields]).lower()


def _answer(operation: Operation) -> SafeString:
    found = next((schema for status, _, schema in operation.answers if status.startswith("2") and schema), None)
    return drawn(Block("json", shown(example_of(found)) + "\n")) if found is not None else SafeString("")


def _parameter(parameter: dict[str, Any], page: str) -> Field:
    schema = parameter["schema"]
    return Field(
        name=parameter["name"],
        kind=_kind(schema, page),
        text=formatted(parameter.get("description", "")),
        is_required=bool(parameter.get("required")),
        place=parameter["in"],
        choices=_choices(schema),
    )


def _choices(schema: Schema) -> tuple[str, ...]:
    """The values of an enumeration that the schema is, or may be."""
    for part in [schema, *schema.get("anyOf", ())]:
        whole = component(name_of(part)) if name_of(part) else part
        if "enum" in whole:
            return tuple(value for value, _ in values_of(whole))
    return ()


def _fields(schema: Schema | None, page: str) -> tuple[Field, ...]:
    if schema is None or not name_of(schema):
        return ()
    whole = component(name_of(schema))
    required = whole.get("required", ())
    return tuple(
        Field(name, _kind(part, page), formatted(about(part)), name in required)
        for name, part in whole.get("properties", {}).items()
    )


def _kind(schema: Schema, page: str) -> SafeString:
    said = [type_of(schema, lambda name: f"[{name}]({page}#{name.lower()})"), bounds_of(schema)]
    if schema.get("default") not in (None, ""):
        said.append(f"`{shown(schema['default'])}` by default")
    return formatted(", ".join(word for word in said if word))
