"""The networks that the tasks know: those of this project, of its packages, and those that an operator may install."""

import difflib
import functools
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from gpu_tasks.weights.descriptor import Descriptor, Purpose

CATALOGUE = Path(__file__).parent / "catalogue.json"


class UnknownModel(LookupError):
    """No network of that name."""


class InvalidCatalogue(ValueError):
    """An entry lacks a field, has one too many, or one of the wrong type."""


@functools.cache
def descriptors() -> tuple[Descriptor, ...]:
    """Every network, by name in the order of the file."""
    return read_catalogue(CATALOGUE)


def of_purpose(purpose: Purpose) -> tuple[Descriptor, ...]:
    """The networks for one task."""
    return tuple(entry for entry in descriptors() if entry.purpose == purpose)


def descriptor(name: str) -> Descriptor:
    """The network of that name. Raises UnknownModel, which names the nearest."""
    for entry in descriptors():
        if entry.name == name:
            return entry
    raise UnknownModel(_unknown(name, [entry.name for entry in descriptors()]))


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    return f"no model is called {name!r}; " + (f"did you mean {near[0]!r}?" if near else f"known are {known}")


def read_catalogue(path: Path) -> tuple[Descriptor, ...]:
    """The entries of a catalogue file. Raises InvalidCatalogue."""
    entries = tuple(_entry(data) for data in json.loads(path.read_text("utf-8")))
    _check_unique(entry.name for entry in entries)
    return entries


def _check_unique(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InvalidCatalogue(f"the model {name!r} is listed twice")
        seen.add(name)


def _entry(data: dict[str, Any]) -> Descriptor:
    try:
        entry = Descriptor(**data)
    except TypeError as error:
        raise InvalidCatalogue(f"model {data.get('name')!r}: {error}") from None
    hints = get_type_hints(Descriptor)
    for field in fields(Descriptor):
        _check_field(entry.name, field.name, getattr(entry, field.name), hints[field.name])
    return entry


def _check_field(model: str, field: str, value: Any, hint: Any) -> None:
    accepted = get_args(hint) or (hint,)
    types = tuple(choice for choice in accepted if isinstance(choice, type))
    # A truth value is an integer to Python, and none here.
    fits = isinstance(value, types) and (bool in types or not isinstance(value, bool)) if types else value in accepted
    if not fits:
        raise InvalidCatalogue(f"model {model!r}: {field} is {value!r}; accepted is {hint}")
