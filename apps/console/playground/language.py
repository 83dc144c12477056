"""The language of a request for the editor: every property and value with a sentence, read from the models.

Shapes are the objects of a request (`request`, `text`, `motion`, ...), values the lists that enums choose from.
"""

from functools import cache
from typing import Any, Final

from apps.capabilities.selectors import capabilities
from apps.console.playground.texts import FIELD_TEXTS
from framelane.api import documents
from framelane.api.enum_texts import describe_enums
from gpu_tasks.timeline.request import RenderRequest

_SHAPES: Final = {
    "video": "VideoElement",
    "audio": "AudioElement",
    "text": "TextElement",
    "image": "ImageElement",
    "effect": "Effect",
    "chroma_settings": "ChromaSettings",
    "motion": "Motion",
    "transition": "Transition",
    "word_animation": "WordAnimation",
    "word": "Word",
}
ELEMENT_SHAPES: Final = ("text", "image", "video", "audio")
_ELEMENT_TEXTS: Final = {
    "text": "Words, captions, and plates of colour.",
    "image": "A still picture.",
    "video": "A clip with its sound.",
    "audio": "Sound without a picture.",
}
_RANGES: Final = {
    "minimum": "min",
    "maximum": "max",
    "exclusiveMinimum": "above",
    "exclusiveMaximum": "below",
    "maxLength": "max_length",
}
# Lists of names that the models leave open, or that hold their sentences elsewhere.
_NAMED_VALUES: Final = {"font_family": "fonts", "animation_preset": "animation_presets"}
_SEEN: Final = ("effects", "motions", "transitions", "animation_presets")
_ENUM_SECTIONS: Final = {"EffectType": "effects", "MotionType": "motions", "TransitionType": "transitions"}


@cache
def document() -> bytes:
    """The language as it is sent. It cannot change while the process runs."""
    return documents.encoded(language)


def language() -> dict[str, Any]:
    """`shapes` by name, each a list of properties, and `values` by name, each a list of [value, sentence]."""
    schema = RenderRequest.model_json_schema()
    definitions = schema["$defs"]
    describe_enums(definitions)
    shapes = {name: _properties(definitions[model], definitions) for name, model in _SHAPES.items()}
    return {"shapes": {"request": _properties(schema, definitions), **shapes}, "values": _values(definitions)}


def _properties(model: dict[str, Any], definitions: dict[str, Any]) -> list[dict[str, Any]]:
    required = set(model.get("required", ()))
    return [_property(name, field, name in required, definitions) for name, field in model["properties"].items()]


def _property(name: str, field: dict[str, Any], required: bool, definitions: dict[str, Any]) -> dict[str, Any]:
    variants = [_resolved(variant, definitions) for variant in field.get("anyOf", [field])]
    facts: dict[str, Any] = {"name": name, "type": _type_of(name, variants), "text": _text_of(name, field)}
    if required:
        facts["required"] = True
    elif field.get("default") not in (None, ""):
        facts["default"] = field["default"]
    for variant in variants:
        facts |= {ours: variant[theirs] for theirs, ours in _RANGES.items() if theirs in variant}
    if values := _values_of(name, field, variants):
        facts["values"] = values
    return facts


def _resolved(variant: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = variant.get("$ref")
    return {**definitions[reference.rpartition("/")[2]], "$ref": reference} if reference else variant


def _type_of(name: str, variants: list[dict[str, Any]]) -> str:
    """In words: `number`, `text`, `colour`, `list`, ..."""
    types = [str(variant.get("type", "object")) for variant in variants if variant.get("type") != "null"]
    if name.endswith("color") or name == "color_overlay":
        return "colour"
    if name.endswith("_url"):
        return "address"
    if types == ["number", "string"]:
        return "angle" if name.endswith("rotation") else "length"
    words = {"string": "text", "array": "list", "boolean": "true or false", "integer": "whole number"}
    return words.get(types[0], types[0])


def _text_of(name: str, field: dict[str, Any]) -> str:
    return FIELD_TEXTS.get(name) or field.get("description", "")


def _values_of(name: str, field: dict[str, Any], variants: list[dict[str, Any]]) -> str:
    """The name of the list that its values come from."""
    if name in _NAMED_VALUES:
        return _NAMED_VALUES[name]
    if "const" in field:
        return "element_types"
    named: list[str] = [variant["$ref"].rpartition("/")[2] for variant in variants if "enum" in variant]
    return _ENUM_SECTIONS.get(named[0], named[0]) if named else ""


def _values(definitions: dict[str, Any]) -> dict[str, list[list[str]]]:
    known = capabilities()
    enums = {
        name: [[value, model.get("x-enumDescriptions", {}).get(value, "")] for value in model["enum"]]
        for name, model in definitions.items()
        if "enum" in model and name not in _ENUM_SECTIONS
    }
    seen = {name: [[entry["type"], entry["look"]] for entry in known[name]] for name in _SEEN}
    fonts = [[font["type"], _font_text(font)] for font in known["fonts"]]
    types = [[name, _ELEMENT_TEXTS[name]] for name in ELEMENT_SHAPES]
    return {**enums, **seen, "fonts": fonts, "element_types": types}


def _font_text(font: dict[str, Any]) -> str:
    weights = font["weights"]
    span = f"{weights[0]} to {weights[-1]}" if len(weights) > 1 else str(weights[0])
    return f"{font['category'].replace('-', ' ').capitalize()}; weights {span}."
