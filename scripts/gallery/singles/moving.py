"""Each motion as a film: in and out where it does both, of a picture and of letters."""

from typing import Any, Final

from gpu_tasks.timeline.catalogue import catalogue
from scripts.gallery.sheets.letters import lettering
from scripts.gallery.sheets.motions import STAGE, elements
from scripts.gallery.singles.single import Single, clip
from scripts.gallery.tiles import Payload

LETTERS: Final = "-letters"
"""What the name of a film ends in that shows the motion letter by letter."""
LENGTH_S: Final = 2.4
LOOP_S: Final = 1.2
IN_S, OUT_S, WAY_S = 0.1, 1.5, 0.8
ALONE_S: Final = 1.2
"""How long a motion takes that has one direction only."""
POSTERS: Final = {"element": (0.4, 0.58), "character": (0.4, 0.5)}
"""How much of an entrance, or of an exit, has passed in the picture that stands for the film, by scope."""
PICKED: Final = {
    "smooth_pop": 0.25, "rubber_in": 0.25, "swing_in": 0.25, "elastic_rise": 0.25, "whip_up": 0.3, "bounce_motion": 0.3,
    "elastic_drop": 0.68, "swing_out": 0.7, "whip_down": 0.62, "glitch_pop": 0.47, "zoom_out": 0.45,
}  # fmt: skip
"""The same for motions of elements that show most at another moment."""
PUSH_S: Final = 2.2
"""A slow push over the whole film."""


def motion_singles() -> tuple[Single, ...]:
    found = []
    for entry in catalogue()["motions"]:
        found.append(_single(entry, "element", elements(entry["type"]), ""))
        if entry["character"]:
            found.append(_single(entry, "character", [lettering()], LETTERS))
    return tuple(found)


def _single(entry: dict[str, Any], scope: str, shown: list[Payload], suffix: str) -> Single:
    times, poster_s = _times(entry, scope)
    motions = [{"type": entry["type"], "scope": scope, **time} for time in times]
    moving = {**shown[0], "motion": motions, "time": 0, "duration": _end_s(times)}
    request = clip(moving, *shown[1:], duration_s=LENGTH_S, background_color=STAGE)
    return Single("motions", entry["type"] + suffix, request, poster_s)


def _times(entry: dict[str, Any], scope: str) -> tuple[list[Payload], float]:
    """The motions of the film, and the moment that shows most of what happens."""
    ways, (entered, left) = entry[scope], _moments(entry["type"], scope)
    if ways["loop"]:
        return [{"time": 0, "duration": LOOP_S}], LOOP_S * 0.3
    if entry["family"] == "ken_burns":
        return [{"time": 0.1, "duration": PUSH_S, "easing": "linear"}], LENGTH_S / 2
    if ways["entrance"] and ways["exit"]:
        exit_ = {"time": OUT_S, "duration": WAY_S, "reversed": True}
        return [{"time": IN_S, "duration": WAY_S}, exit_], IN_S + WAY_S * 0.45
    if ways["exit"]:
        return [{"time": 0.6, "duration": ALONE_S, "reversed": True}], 0.6 + ALONE_S * left
    return [{"time": 0.2, "duration": ALONE_S}], 0.2 + ALONE_S * entered


def _moments(name: str, scope: str) -> tuple[float, float]:
    if scope == "element" and name in PICKED:
        return PICKED[name], PICKED[name]
    return POSTERS[scope]


def _end_s(times: list[Payload]) -> float:
    """An element that left is gone."""
    last = times[-1]
    return float(last["time"] + last["duration"]) if last.get("reversed") else LENGTH_S
