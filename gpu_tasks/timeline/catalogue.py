"""The public catalogue: every name, range and default of the API, and which of them this engine renders.

`catalogue.json` is the published half of the contract. The engine's own registries are held equal to it by a test, so
capabilities, validation and rendering cannot disagree; what this version does not do yet is listed here.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any, Final

NOT_YET: Final = "Not rendered by this version."


@cache
def catalogue() -> dict[str, Any]:
    """The parsed catalogue. Treat it as read-only: it is shared."""
    data: dict[str, Any] = json.loads(files("gpu_tasks.timeline").joinpath("catalogue.json").read_text("utf-8"))
    return data


def names(section: str) -> tuple[str, ...]:
    """Names of a list section (`effects`, `motions`, `transitions`) or of an enum (`easings`, `blend_modes`, ...)."""
    data = catalogue()
    if section in data:
        return tuple(entry["type"] for entry in data[section])
    return tuple(data["enums"][section])


@cache
def motion_entry(name: str) -> dict[str, Any]:
    """The catalogue's entry of a motion: its family, scopes and directions."""
    entry: dict[str, Any] = next(entry for entry in catalogue()["motions"] if entry["type"] == name)
    return entry


@cache
def looks(section: str) -> dict[str, str]:
    """What each effect, motion or transition looks like, in the words of the engine's registry."""
    data = json.loads(files("gpu_tasks.timeline").joinpath("looks.json").read_text("utf-8"))
    found: dict[str, str] = data[section]
    return found


def limit(name: str) -> Any:
    """A value of the `limits` section."""
    return catalogue()["limits"][name]


UNSUPPORTED: Final[dict[str, frozenset[str]]] = {}
"""What the catalogue names and this version does not do, by section."""

UNSUPPORTED_FIELDS: Final[frozenset[str]] = frozenset()
"""Fields of a render or a task that must stay at their default for now; anything else is refused."""


def is_supported(section: str, name: str) -> bool:
    return name not in UNSUPPORTED.get(section, ())
