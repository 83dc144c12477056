"""Tables of fields, read from the models that validate requests and from the catalogue."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from apps.capabilities.fields import of_model
from apps.docs.reference.writing import code, name, table

HEADS: Final = ("field", "type", "default", "range", "meaning")
_TYPES: Final = {
    "dimension": "dimension",
    "dimension_angle": "angle",
    "hex_color": "colour",
    "hex": "colour",
    "url": "address",
    "enum": "name",
    "map<string,string>": "object of strings",
    "array": "list",
    "array<string>": "list of strings",
    "array<motion>": "list of motions",
    "array<effect>": "list of effects",
}
_BOUNDS: Final = (
    ("min", "≥"), ("exclusive_min", ">"), ("max", "≤"), ("exclusive_max", "<"),
)  # fmt: skip
_LENGTHS: Final = (("min_length", "max_length", "characters"), ("min_items", "max_items", "entries"))


def fields_table(model: type[BaseModel], fields: Mapping[str, Mapping[str, Any]], names: Iterable[str] = ()) -> str:
    """Fields with their type, default, range and meaning. `fields` are those of the catalogue; `names` chooses some."""
    chosen = list(names) or list(fields)
    meanings = meanings_of(model)
    return table(HEADS, [_row(one, fields[one], *meanings[one]) for one in chosen])


def model_table(model: type[BaseModel], labels: Mapping[str, Any] | None = None) -> str:
    """The same for a model that is no section of the catalogue, such as a motion."""
    return fields_table(model, of_model(model, labels or {}))


@cache
def meanings_of(model: type[BaseModel]) -> dict[str, tuple[str, str]]:
    """What each field means and what its number counts; "" for those that count nothing."""
    properties = model.model_json_schema()["properties"]
    return {one: (_meaning(field), _unit(field)) for one, field in properties.items()}


def _meaning(field: Mapping[str, Any]) -> str:
    return str(field.get("description", ""))


def _unit(field: Mapping[str, Any]) -> str:
    variants = [field, *field.get("anyOf", [])]
    return next((str(variant["x-unit"]) for variant in variants if "x-unit" in variant), "")


def _row(one: str, field: Mapping[str, Any], meaning: str, unit: str) -> tuple[str, ...]:
    told = meaning if field["supported"] else f"{meaning} **Not supported here.** {field['reason']}".strip()
    return (name(one), type_of(field, unit), default_of(field), range_of(field), told)


def type_of(field: Mapping[str, Any], unit: str = "") -> str:
    """The type in words, with the unit of a number."""
    found = [_TYPES.get(one, one) for one in str(field["type"]).split("|")]
    kinds = [f"{one}, {unit}" if unit and one in ("number", "integer") else one for one in found]
    return " or ".join(kinds)


def default_of(field: Mapping[str, Any]) -> str:
    """The default as JSON."""
    return "required" if field.get("required") else code(field["default"])


def range_of(field: Mapping[str, Any]) -> str:
    """What values are accepted; beyond "works" nothing more happens, but nothing is refused."""
    if "values" in field:
        return _values(field["values"])
    parts = [f"{sign} {_number(field[bound])}" for bound, sign in _BOUNDS if bound in field]
    parts += [_length(field, *length) for length in _LENGTHS if length[1] in field]
    if "engine_min" in field:
        parts.append(f"works from {_number(field['engine_min'])} to {_number(field['engine_max'])}")
    return ", ".join(parts)


def _values(values: list[str]) -> str:
    few = 16
    return ", ".join(map(name, values)) if len(values) <= few else f"one of {len(values)} names"


def _length(field: Mapping[str, Any], least: str, most: str, what: str) -> str:
    low = field.get(least, 0)
    return f"{low} to {_number(field[most])} {what}" if low else f"up to {_number(field[most])} {what}"


def _number(value: float) -> str:
    shown = f"{value:,}" if abs(value) >= 10_000 else str(value)
    return shown.removesuffix(".0").replace("-", "−")
