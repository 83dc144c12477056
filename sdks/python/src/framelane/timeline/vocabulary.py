"""What scenes may say: a capabilities document, read by name."""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Optional

Document = Mapping[str, Any]
VIDEO_EXTENSIONS = ("mp4", "mov", "webm")
MAX_METADATA_ENTRIES = 64

_SECONDS = {"type": "number", "required": True, "min": 0, "max": 86_400}
_LENGTH = {"type": "number", "required": True, "exclusive_min": 0, "max": 86_400}
_PERCENT = {"type": "number", "min": 0, "max": 100}
_DEGREES = {"type": "number", "min": 0, "max": 360}
_ID = {"type": "string|null", "default": None}

PARTS: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    "chroma_settings": {
        "hue_min": {**_DEGREES, "default": 90},
        "hue_max": {**_DEGREES, "default": 150},
        "sat_min": {**_PERCENT, "default": 25},
        "sat_max": {**_PERCENT, "default": 100},
        "lum_min": {**_PERCENT, "default": 15},
        "lum_max": {**_PERCENT, "default": 95},
    },
    "effect": {
        "type": {"type": "enum", "required": True, "section": "effects"},
        "intensity": {**_PERCENT, "default": 100},
        "chroma_settings": {"type": "chroma_settings|null", "default": None},
    },
    "motion": {
        "type": {"type": "enum", "required": True, "section": "motions"},
        "time": _SECONDS,
        "duration": _LENGTH,
        "easing": {"type": "enum", "default": "ease_in_out", "section": "easings"},
        "reversed": {"type": "boolean", "default": False},
        "scope": {"type": "enum", "default": "element", "values": ["element", "character"]},
        "delay": {"type": "number", "min": 0, "max": 86_400, "default": 0},
        "loop": {"type": "boolean|null", "default": None},
    },
    "transition": {
        "type": {"type": "enum", "required": True, "section": "transitions"},
        "duration": _LENGTH,
        "from_id": _ID,
        "to_id": _ID,
        "z_index": {"type": "integer|null", "default": None},
    },
    "word": {
        "text": {"type": "string", "required": True, "max_length": 200},
        "start": _SECONDS,
        "end": _LENGTH,
    },
    "word_animation": {
        "style": {"type": "enum", "required": True, "section": "word_animations"},
        "words": {"type": "array<word>", "required": True, "min_items": 1, "max_items": 10_000},
    },
}
"""The parts of elements, as capabilities describe elements; capabilities list only the names of their types."""


class Vocabulary:
    """Names, ranges and defaults of a capabilities document, as `client.capabilities.get()` returns it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.motions = {entry["type"]: entry for entry in document["motions"]}
        self.elements = {entry["type"]: entry["fields"] for entry in document["element_types"]}
        self.canvas: Mapping[str, Mapping[str, Any]] = document["canvas"]
        self.fonts = frozenset(normal_family(entry["type"]) for entry in document["fonts"])
        self.alpha_formats = tuple(entry["type"] for entry in document["output_formats"] if entry.get("alpha"))

    def names(self, section: str) -> tuple[str, ...]:
        """Every name of a section, supported or not."""
        return tuple(entry["type"] for entry in self.document[section])

    def reason_against(self, section: str, name: str) -> Optional[str]:
        """Why an installation does not do something that it knows; None where it does."""
        entry = next((entry for entry in self.document[section] if entry["type"] == name), None)
        return None if entry is None or entry.get("supported", True) else str(entry.get("reason") or "Not supported.")

    def cell(self, motion: str, scope: str) -> Optional[Mapping[str, Any]]:
        """The directions of a motion at a scope; None where it does not exist there."""
        found = next((entry for entry in self.motions[motion]["scopes"] if entry["type"] == scope), None)
        return found if found is not None and found.get("supported", True) else None


def normal_family(name: str) -> str:
    """What counts of a font family's name: case, spaces and hyphens are free."""
    return "".join(character for character in name.casefold() if character.isalnum())


@lru_cache(maxsize=1)
def snapshot() -> Document:
    """The capabilities that this version of the package was made for. Treat them as read-only: they are shared."""
    document: Document = json.loads(files("framelane.timeline").joinpath("capabilities.json").read_text("utf-8"))
    return document


@lru_cache(maxsize=1)
def default_vocabulary() -> Vocabulary:
    """The vocabulary of `snapshot`."""
    return Vocabulary(snapshot())
