"""Form fields that follow from the models of the tasks' bodies, so that the two cannot drift apart."""

import re
from collections.abc import Mapping
from typing import Any, Final

from django import forms

from gpu_tasks.timeline.tasks import MAX_METADATA_ENTRIES

MAX_TEXT: Final = 100_000
_LABELS: Final = {
    "background_color": "Background colour",
    "iab_categories": "IAB categories",
    "webhook_url": "Webhook URL",
    "source_url": "Address",
}
_VALUES: Final = {
    "alpha": "Transparent",
    "matte": "A matte, white on black",
    "color": "A plain colour",
    "blur": "Blurred",
    "webm": "WebM (VP9)",
    "mov": "MOV (ProRes 4444)",
    "universal-2": "Universal 2",
    "universal-3-pro": "Universal 3 Pro",
    "nano": "Nano",
}


_HINTS: Final = {
    "background_color": "What a plain colour is, as #rrggbb; for the other outputs leave it empty.",
    "format": "The container of a transparent video; images and other outputs take none.",
    "language": "A BCP 47 tag, such as en or pt-BR; detected where nothing stands here.",
}
"""Where the description speaks to programs."""
_QUOTED: Final = re.compile(r"`([^`]+)`")


class Lines(forms.CharField):
    """Several texts, one a line; empty lines are left out."""

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def validate(self, value: Any) -> None:
        if len(value) > self.most:
            raise forms.ValidationError(f"{len(value)} lines; at most {self.most} are accepted.")

    def run_validators(self, value: Any) -> None:
        super().run_validators("\n".join(value))

    def __init__(self, *, most: int, **options: Any) -> None:
        self.most = most
        super().__init__(max_length=MAX_TEXT, strip=False, **options)


class Pairs(Lines):
    """Names and values, `name: value` on each line."""

    def clean(self, value: Any) -> Any:
        lines: list[str] = super().clean(value)
        return dict(_pair(line) for line in lines)


def _pair(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise forms.ValidationError(f"“{line[:60]}” is not a name and a value; write name: value.")
    return name.strip(), value.strip()


def field_of(name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> forms.Field:
    """The field for a property of a body's JSON schema. Its attribute `control` says how it is drawn.

    Raises KeyError for a kind of property that no field stands for yet.
    """
    variants = [_resolved(each, definitions) for each in schema.get("anyOf", [schema])]
    described = next(each for each in variants if each.get("type") != "null")
    is_optional = len(variants) > 1 or "default" in schema or described["type"] in ("array", "object")
    options: dict[str, Any] = {
        "label": label_of(name),
        "help_text": _HINTS.get(name) or _QUOTED.sub(_as_seen, schema.get("description", "")),
        "required": not is_optional,
        "initial": schema.get("default"),
    }
    control = _control(described, is_nullable=len(variants) > 1)
    field = _MAKERS[control](described, options)
    field.control = control  # type: ignore[attr-defined]
    return field


def label_of(name: str) -> str:
    """What a field of a body is called on its page."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def _as_seen(quoted: re.Match[str]) -> str:
    """A field or a value that a description names, as the page calls it."""
    return f"“{_VALUES.get(quoted[1]) or label_of(quoted[1])}”"


def _resolved(variant: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = variant.get("$ref")
    found: Mapping[str, Any] = definitions[reference.rpartition("/")[2]] if reference else variant
    return found


def _control(schema: Mapping[str, Any], *, is_nullable: bool) -> str:
    if "enum" in schema:
        return "choice" if is_nullable else "select"
    return str(schema["type"])


def _text(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    return forms.CharField(max_length=schema.get("maxLength", 255), **options)


def _number(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    # The default counts where nothing is entered.
    return forms.FloatField(min_value=schema.get("minimum"), max_value=schema.get("maximum"), **options)


def _integer(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    return forms.IntegerField(min_value=schema.get("minimum"), max_value=schema.get("maximum"), **options)


def _select(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=_choices(schema), **options)


def _choice(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    return forms.ChoiceField(choices=[("", "By default"), *_choices(schema)], **options)


def _choices(schema: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(value, _VALUES.get(value, value)) for value in schema["enum"]]


def _check(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**{**options, "required": False})


def _lines(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    hint = f"{options['help_text']} One on each line."
    return Lines(most=schema.get("maxItems", 200), **{**options, "help_text": hint, "initial": ""})


def _pairs(schema: Mapping[str, Any], options: dict[str, Any]) -> forms.Field:
    hint = f"{options['help_text']} One on each line, as name: value."
    return Pairs(most=MAX_METADATA_ENTRIES, **{**options, "help_text": hint, "initial": ""})


_MAKERS: Final = {
    "string": _text,
    "number": _number,
    "integer": _integer,
    "select": _select,
    "choice": _choice,
    "boolean": _check,
    "array": _lines,
    "object": _pairs,
}
