"""Writes gpu_tasks/timeline/looks.json: what the entries of the engine's registries look like, for processes that do not
load the engine. `python -m scripts.write_looks` after a look was changed or added."""

import json
from collections.abc import Mapping
from typing import Protocol

from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.motions import MOTIONS
from gpu_tasks.engine.transitions import TRANSITIONS
from gpu_tasks.timeline.catalogue import names
from scripts.processes import ROOT

FILE = ROOT / "gpu_tasks" / "timeline" / "looks.json"


class Seen(Protocol):
    @property
    def look(self) -> str: ...


def looks() -> dict[str, dict[str, str]]:
    """The looks of all registries, in the order of the catalogue."""
    registries: dict[str, Mapping[str, Seen]] = {"effects": EFFECTS, "motions": MOTIONS, "transitions": TRANSITIONS}
    return {section: {name: entries[name].look for name in names(section)} for section, entries in registries.items()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(looks(), indent=1, ensure_ascii=False) + "\n", "utf-8")
