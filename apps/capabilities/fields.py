"""Fields of the request models: type, default and range, read from the models that validate requests."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

_RANGES = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "exclusive_min",
    "exclusiveMaximum": "exclusive_max",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_items",
    "maxItems": "max_items",
    "pattern": "pattern",
}


def of_model(
    model: type[BaseModel], labels: Mapping[str, Any], unsupported: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Every field of `model` by name. `labels` is the catalogue's section; `unsupported` names fields, and says why."""
    schema = model.model_json_schema()
    reasons = unsupported or {}
    required = set(schema.get("required", []))
    return {
        name: {
            "type": labels.get(name, {}).get("type") or _type(field, schema),
            **_support(reasons.get(name, "")),
            **({"required": True} if name in required else {"default": field.get("default", _empty(field))}),
            **_facts(field, schema),
            **_engine_range(labels.get(name, {})),
        }
        for name, field in schema["properties"].items()
    }


def _support(reason: str) -> dict[str, Any]:
    return {"supported": False, "reason": reason} if reason else {"supported": True}


def _empty(field: Mapping[str, Any]) -> Any:
    """What a field that is made anew for every request starts as."""
    return {"array": [], "object": {}}.get(field.get("type", ""))


def _type(field: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    found = [_type_name(variant, schema) for variant in _variants(field)]
    return "|".join(dict.fromkeys(found))


def _type_name(variant: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    resolved = _resolved(variant, schema)
    return "enum" if "enum" in resolved or "const" in resolved else str(resolved.get("type", "object"))


def _variants(field: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = list(field.get("anyOf", [field]))
    return found


def _resolved(variant: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = variant.get("$ref")
    found: Mapping[str, Any] = schema["$defs"][reference.rpartition("/")[2]] if reference else variant
    return found


def _facts(field: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for variant in _variants(field):
        resolved = _resolved(variant, schema)
        facts |= {ours: resolved[theirs] for theirs, ours in _RANGES.items() if theirs in resolved}
        if "enum" in resolved:
            facts["values"] = resolved["enum"]
    return facts


def _engine_range(label: Mapping[str, Any]) -> dict[str, Any]:
    """Colour fields take any number; beyond this range nothing more happens."""
    return {name: label[name] for name in ("engine_min", "engine_max") if name in label}
