"""The motions of whole elements as film strips."""

from typing import Any, Final

from gpu_tasks.timeline.catalogue import catalogue, looks
from scripts.gallery.tiles import Payload, Sheet, Strip, film, film_strips, picture

STEPS: Final = {"entrance": (6, range(1, 7)), "exit": (6, range(6)), "loop": (5, range(6))}
"""Frames a second and the frames shown. A loop shows both of its ends, which must look the same."""
FULL = frozenset({"ken_burns_in", "ken_burns_out", "ken_burns_in_out"})
"""Motions of pictures that cover the canvas."""
BLENDED = frozenset({"overlay", "difference"})
STAGE = "#23262dff"


def motion_sheets() -> tuple[Sheet, ...]:
    about = "A picture on its stage. Entrances end at rest, exits begin there, loops begin and end there."
    strips = tuple(strip(entry, "element", elements(entry["type"])) for entry in catalogue()["motions"])
    return film_strips("motions", "Motions of elements", about, strips)


def strip(entry: dict[str, Any], scope: str, elements: list[Payload]) -> Strip:
    """The strip of a motion that the first of the elements has."""
    name, ways = entry["type"], entry[scope]
    way = next(way for way in STEPS if ways[way])
    frame_rate, frames = STEPS[way]
    motion = {"type": name, "time": 0, "duration": 1, "scope": scope, "reversed": way == "exit"}
    moving = {**elements[0], "motion": [motion]}
    stage = {"background_color": STAGE}
    request = film(moving, *elements[1:], duration_s=2, frame_rate=frame_rate, **stage)
    look = looks("motions")[name]
    return Strip(name, look, (request,), frames=tuple(frames), note=look)


def elements(name: str) -> list[Payload]:
    """The picture that moves, and what it moves before."""
    if name in FULL:
        return [picture("mountains.png")]
    card = picture("balloons.png", width="50%", height="50%", border_radius=18)
    return [card, picture("city.png")] if name in BLENDED else [card]
