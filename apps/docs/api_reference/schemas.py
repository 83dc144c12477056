"""Schemas in words: types, ranges, examples."""

import json
from collections.abc import Callable
from typing import Any, Final

from apps.docs.api_reference.document import Schema, component, name_of, resolved

Named = Callable[[str], str]
"""How a component is called in a text: a link to it, or its bare name."""
_DEPTH: Final = 5
_MOST_VALUES: Final = 12


def type_of(schema: Schema, named: Named) -> str:
    """`integer`, `string or null`, `list of Motion`, in words."""
    if name := name_of(schema):
        return named(name)
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(dict.fromkeys(type_of(choice, named) for choice in choices))
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "enum" in schema:
        return _values(schema["enum"])
    return _plain_type(schema, named)


def _plain_type(schema: Schema, named: Named) -> str:
    kind = schema.get("type", "anything")
    if isinstance(kind, list):
        return " or ".join(kind)
    if kind == "array":
        return f"list of {type_of(schema.get('items', {}), named)}"
    if kind == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return f"object of {type_of(values, named)}"
    return f"{kind} ({schema['format']})" if schema.get("format") else str(kind)


def _values(values: list[Any]) -> str:
    shown = ", ".join(f"`{value}`" for value in values[:_MOST_VALUES])
    return f"{shown}, … ({len(values)} in all)" if len(values) > _MOST_VALUES else shown


def bounds_of(schema: Schema) -> str:
    """What a value has to keep to, beyond its type: "16 to 8192", "at most 255 characters"; "" for nothing."""
    parts = [schema, *schema.get("anyOf", ())]
    said = [_range(part) for part in parts] + [_length(part) for part in parts]
    return ", ".join(dict.fromkeys(word for word in said if word))


def _range(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if (above := schema.get("exclusiveMinimum")) is not None:
        return f"above {above}" + (f", at most {high}" if high is not None else "")
    if low is not None and high is not None:
        return f"{low} to {high}"
    if low is not None:
        return f"{low} or more"
    return f"at most {high}" if high is not None else ""


def _length(schema: Schema) -> str:
    if schema.get("type") == "array":
        return _span(schema.get("minItems"), schema.get("maxItems"), "items")
    return _span(schema.get("minLength"), schema.get("maxLength"), "characters")


def _span(low: int | None, high: int | None, unit: str) -> str:
    if low and high:
        return f"{low} to {high} {unit}"
    if high is not None:
        return f"at most {high} {unit}"
    return f"at least {low} {unit}" if low else ""


def values_of(schema: Schema) -> list[tuple[str, str]]:
    """The values of an enumeration with what each means, "" where that is not said."""
    texts: dict[str, str] = schema.get("x-enumDescriptions", {})
    return [(str(value), texts.get(str(value), "")) for value in schema.get("enum", ())]


def about(schema: Schema) -> str:
    """The description, without the list of values that `values_of` has."""
    return str(schema.get("description", "")).partition("Values:\n")[0].strip()


def example_of(schema: Schema, depth: int = 0) -> Any:
    """A value that the schema accepts: its own example, or one that is put together from those of its parts."""
    if "example" in schema:
        return schema["example"]
    if name := name_of(schema):
        return example_of(component(name), depth)
    for key in ("const", "default"):
        if schema.get(key) is not None:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        # What may be null mostly is, while another part is not: an error beside an output.
        return None if name_of(choices[0]) and {"type": "null"} in choices else example_of(choices[0], depth)
    return _example_of_type(schema, depth)


def _example_of_type(schema: Schema, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        fields = schema.get("properties", {})
        wanted = [name for name in fields if depth < _DEPTH or _is_required(schema, name)]
        return {name: example_of(fields[name], depth + 1) for name in wanted}
    if kind == "array":
        return [example_of(schema["items"], depth + 1)] if depth < _DEPTH and "items" in schema else []
    if kind == "string":
        return _example_of_string(schema)
    return {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1), "boolean": False}.get(str(kind))


def _example_of_string(schema: Schema) -> str:
    formats = {"date-time": "2026-01-31T12:00:00Z", "uri": "https://example.com/file", "email": "you@example.com"}
    return formats.get(schema.get("format", ""), "string")


def _is_required(schema: Schema, name: str) -> bool:
    return name in schema.get("required", ())


def body_example(schema: Schema) -> Any:
    """What to send: the schema's own example, or what it demands and no more."""
    whole = resolved(schema)
    if "example" in whole:
        return whole["example"]
    fields = whole.get("properties", {})
    wanted = {name: field for name, field in fields.items() if _is_required(whole, name) or "example" in field}
    return {name: example_of(field) for name, field in wanted.items()}
