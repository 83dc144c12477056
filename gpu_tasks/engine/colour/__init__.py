"""The colour fields and colour tables of video and image elements, as stages in the order of the contract."""

from functools import cache

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.colour.detail import blur_stage, sharpness_stage
from gpu_tasks.engine.colour.grade import Grade, grade_stage
from gpu_tasks.engine.colour.lut import lut_stage
from gpu_tasks.engine.colour.noise import noise_stage
from gpu_tasks.engine.colour.vignette import vignette_stage
from gpu_tasks.timeline.catalogue import catalogue
from gpu_tasks.timeline.request import MediaElement

_GRADED = ("brightness", "contrast", "saturation", "exposure", "hue_rotate")
_FOLLOWING = (
    ("sharpness", sharpness_stage),
    ("blur", blur_stage),
    ("noise", noise_stage),
    ("vignette", vignette_stage),
)


def colour_stages(element: MediaElement) -> list[Stage]:
    """What the element's colour fields ask for, in order; nothing for neutral values, the nearest for those beyond."""
    grade = Grade(*(_clamped(element, name) for name in _GRADED))
    stages = [] if grade.is_neutral else [grade_stage(grade)]
    for name, make in _FOLLOWING:
        value = _clamped(element, name)
        if value:
            stages.append(make(value))
    return stages


def _clamped(element: MediaElement, name: str) -> float:
    low, high = _range(name)
    return float(min(max(getattr(element, name), low), high))


@cache
def _range(name: str) -> tuple[float, float]:
    field = catalogue()["elements"]["video"][name]
    return field["engine_min"], field["engine_max"]


__all__ = ["Stage", "colour_stages", "lut_stage"]
