"""Pydantic models of scenes, made from a vocabulary."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Annotated, Any, Literal, Optional, Union
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic_core import PydanticCustomError

from framelane.timeline.problems import nearest
from framelane.timeline.values import Angle, Dimension, HexColor, check_url
from framelane.timeline.vocabulary import MAX_METADATA_ENTRIES, PARTS, VIDEO_EXTENSIONS, Vocabulary

Spec = Mapping[str, Any]
Rule = Callable[[Any], Any]
_SCALARS: Mapping[str, Any] = {
    "number": float,
    "integer": int,
    "boolean": bool,
    "string": str,
    "dimension": Dimension,
    "dimension_angle": Angle,
    "hex_color": HexColor,
    "url": str,
}
_RANGES = {
    "min": "ge",
    "max": "le",
    "exclusive_min": "gt",
    "min_length": "min_length",
    "max_length": "max_length",
    "min_items": "min_length",
    "max_items": "max_length",
}


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, use_enum_values=True)


class Schema:
    """The models of a vocabulary: `scene` for a whole one, `elements` and `parts` for what is in it, by name."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.parts: dict[str, type[BaseModel]] = {}
        for name, fields in PARTS.items():
            self.parts[name] = self._model(name, fields, ())
        self.elements = {
            kind: self._model(kind, fields, _RULES.get(kind, ()), kind) for kind, fields in vocabulary.elements.items()
        }
        self.scene = self._scene()

    def _scene(self) -> type[BaseModel]:
        models: Any = Union[tuple(self.elements.values())]
        lists: dict[str, Any] = {
            "elements": Annotated[models, Field(discriminator="type")],
            "transitions": self.parts["transition"],
        }
        fields: dict[str, Any] = {}
        for name, spec in self._vocabulary.canvas.items():
            fields[name] = self._field(name, spec, lists.get(name))
        return _made("scene", fields, (_both_sides, _alpha_format(self._vocabulary.alpha_formats)))

    def _model(self, name: str, specs: Mapping[str, Spec], rules: tuple[Rule, ...], tag: str = "") -> type[BaseModel]:
        fields = {field: self._field(field, spec) for field, spec in specs.items() if not (tag and field == "type")}
        if tag:
            fields["type"] = (Literal[tag], ...)
        return _made(name, fields, rules)

    def _field(self, name: str, spec: Spec, items: Any = None) -> Any:
        kind, _, _ = spec["type"].partition("|")
        inner = self._type(name, kind, spec) if items is None else _list_of(items)
        ranges = {ours: spec[theirs] for theirs, ours in _RANGES.items() if theirs in spec}
        if name == "metadata":
            ranges["max_length"] = MAX_METADATA_ENTRIES
        annotated: Any = Annotated[inner, Field(**ranges)] if ranges else inner
        if (check := self._check(name, kind)) is not None:
            annotated = Annotated[annotated, AfterValidator(check)]
        if spec.get("required"):
            return (annotated, Field())
        default = spec.get("default")
        return (Optional[annotated] if default is None or "|null" in spec["type"] else annotated, default)

    def _check(self, name: str, kind: str) -> Optional[Callable[[str], str]]:
        """What a text must be besides its length."""
        if name == "animation_preset":
            return _one_of(self._vocabulary.names("animation_presets"))
        return check_url if kind == "url" else None

    def _type(self, name: str, kind: str, spec: Spec) -> Any:
        if kind == "enum":
            values = spec.get("values") or self._vocabulary.names(spec["section"])
            return Enum(name, {value.upper(): value for value in values}, type=str)
        if kind.startswith("array<"):
            return _list_of(self._item(kind[len("array<") : -1]))
        if kind.startswith("map<"):
            return dict[str, str]
        if kind == "object":
            return self.parts[name]
        return self.parts[kind] if kind in self.parts else _SCALARS[kind]

    def _item(self, kind: str) -> Any:
        return self.parts[kind] if kind in self.parts else _SCALARS[kind]


def _list_of(items: Any) -> Any:
    made: Any = list
    return made[items]


def _made(name: str, fields: Mapping[str, Any], rules: tuple[Rule, ...]) -> type[BaseModel]:
    validators: Any = {f"rule_{place}": model_validator(mode="after")(rule) for place, rule in enumerate(rules)}
    made: type[BaseModel] = create_model(name, __base__=_Model, __validators__=validators, **fields)
    return made


def _one_of(names: tuple[str, ...]) -> Callable[[str], str]:
    def check(name: str) -> str:
        if name in names:
            return name
        hint = nearest(name, names)[2:] or f"presets are {', '.join(names)}"
        raise PydanticCustomError("enum", "{problem}", {"problem": f"not an animation preset; {hint}"})

    return check


def _crop_leaves_something(element: Any) -> Any:
    if element.crop_left + element.crop_right >= 1 or element.crop_top + element.crop_bottom >= 1:
        raise PydanticCustomError("crop", "the crops of opposite edges must add up to less than 1")
    return element


def _out_after_in(element: Any) -> Any:
    if element.out_point is not None and element.out_point <= element.in_point:
        message = "out_point {out_point} must be greater than in_point {in_point}"
        facts = {"out_point": element.out_point, "in_point": element.in_point}
        raise PydanticCustomError("out_point", message, facts)
    return element


def _known_extension(element: Any) -> Any:
    if not urlsplit(element.source_url).path.lower().endswith(tuple(f".{name}" for name in VIDEO_EXTENSIONS)):
        raise PydanticCustomError("source_extension", "source_url must end in .mp4, .mov or .webm")
    return element


def _one_decoration(element: Any) -> Any:
    if element.background + element.stroke + element.shadow > 1:
        raise PydanticCustomError("text_flags", "at most one of background, stroke and shadow may be true")
    return element


def _both_sides(scene: Any) -> Any:
    if (scene.width is None) != (scene.height is None):
        raise PydanticCustomError("canvas_size", "give both width and height, or neither")
    return scene


def _alpha_format(formats: tuple[str, ...]) -> Rule:
    def check(scene: Any) -> Any:
        if scene.alpha and scene.output_format not in formats:
            message = "alpha needs output_format {accepted}, not {format}"
            facts = {"accepted": " or ".join(formats), "format": scene.output_format}
            raise PydanticCustomError("alpha_format", message, facts)
        return scene

    return check


_RULES: Mapping[str, tuple[Rule, ...]] = {
    "video": (_crop_leaves_something, _out_after_in, _known_extension),
    "audio": (_out_after_in,),
    "image": (_crop_leaves_something,),
    "text": (_one_decoration,),
}
