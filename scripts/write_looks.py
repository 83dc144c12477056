"""Writes gpu_tasks/timeline/looks.json: what the engine's effects, motions and transitions look like.

It is for processes that do not load the engine. Run `python -m scripts.write_looks` after a look was changed.
"""

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
