"""`build` as every task has it: doubles pictures, or does what its options say."""

from collections.abc import Mapping
from typing import Any

from gpu_tasks.models.step import Step
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.store import ModelMissing
from tests.media.steps import Cut, Doubled


class Talkative(Doubled):
    """Names a model and has something to say."""

    model = "repeat-2x"
    warnings = ("DOUBLED: every pixel was repeated", "DOUBLED: every pixel was repeated")


class Formed(Cut):
    """Wants a mov, or a png."""

    def form(self, source: SourceInfo) -> str:
        return ".png" if source.kind == "image" else ".mov"


def build(options: Mapping[str, Any], source: SourceInfo) -> Step:
    """`how`: plain, formed, or a way to fail."""
    how = options.get("how", "plain")
    if how == "missing":
        raise ModelMissing("the model 'nowhere' is not installed")
    if how == "greedy":
        raise MemoryError
    if how == "broken":
        raise ZeroDivisionError
    if how not in ("plain", "formed"):
        raise ValueError(f"how is {how!r}; accepted are plain and formed")
    return Formed() if how == "formed" else Talkative()
