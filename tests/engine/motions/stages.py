"""Stages to pose motions on, and every use of a motion that the catalogue allows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from gpu_tasks.engine.motions import MOTIONS, Pose, Stage, pose_at
from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.request import Motion

CANVAS = (1280, 720)
ELEMENT = Stage(CANVAS, (430, 240, 850, 480), size_px=240, seed=5)
GLYPH = Stage(CANVAS, (600, 300, 650, 372), size_px=60, index=2, count=7, seed=11, is_glyph=True)


@dataclass(frozen=True)
class Use:
    """A motion of the catalogue in one direction at one scope."""

    name: str
    scope: str
    direction: str

    @property
    def stage(self) -> Stage:
        return ELEMENT if self.scope == "element" else GLYPH

    def pose(self, amount: float, **changes: Any) -> Pose:
        """The pose at an amount (or phase) 0 to 1; `changes` are to the stage."""
        return MOTIONS[self.name].pose(amount, self.direction == "exit", replace(self.stage, **changes))

    def __str__(self) -> str:
        return f"{self.name}-{self.direction}-{self.scope}"


def uses(*directions: str) -> list[Use]:
    return list(_uses(directions))


def _uses(directions: tuple[str, ...]) -> Iterator[Use]:
    for entry in catalogue()["motions"]:
        for scope in ("element", "character"):
            cell = entry[scope] or {}
            yield from (Use(entry["type"], scope, direction) for direction in directions if cell.get(direction))


def pose(name: str, time_s: float, stage: Stage = ELEMENT, **fields: Any) -> Pose:
    """The pose at a timeline second of a motion over [1, 3) with linear easing, unless `fields` say otherwise."""
    motion = Motion.model_validate({"type": name, "time": 1, "duration": 2, "easing": "linear", **fields})
    return pose_at([motion], Fraction(str(time_s)), stage)
