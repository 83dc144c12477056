"""Every motion: how it looks, in which directions and scopes it works, and what it takes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import model_table
from apps.docs.reference.writing import SAMPLES, example, film, name, page, table, unsupported
from gpu_tasks.timeline.request import Motion

WAYS: Final = ("entrance", "exit", "loop")
FAMILIES: Final = {
    "standard": ("In and out", "They bring an element onto the canvas, or take it away."),
    "ken_burns": ("Slow pushes and pulls", "For pictures that cover the canvas, over all of their time."),
    "loop": ("Loops", "They go on until the element ends; `loop: false` plays one round."),
    "text_glyph": ("For letters above all", "Made for the letters of a text; they move a whole element, too."),
    "blend": ("Through what is behind", "The element comes out of a mixture with what lies below."),
}
_ELEMENT: Final = {
    "type": "image",
    "id": "logo",
    "source_url": f"{SAMPLES}/logo.png",
    "duration": 3,
    "width": "40%",
    "motion": [
        {"type": "slide_up", "time": 0, "duration": 0.8, "easing": "ease_out"},
        {"type": "fade", "time": 2.2, "duration": 0.8, "reversed": True},
    ],
}
_INTRODUCTION: Final = (
    "A motion has a direction: an **entrance** ends with the element at rest, an **exit** (`reversed: true`) "
    "begins there, and a **loop** goes round. It has a scope: the whole `element`, or each `character` of a text "
    "after the other. Not every motion has all of them; one that does not exist is refused with "
    "`unsupported_feature`. Times count from the beginning of the film, not of the element."
)


def pages() -> Iterable[Page]:
    """The page of all motions."""
    known = entries("motions")
    yield page(
        "motions",
        "# Motions",
        f"How elements come, go and stay in motion: {len(known)} motions.",
        example(_ELEMENT, "element"),
        _INTRODUCTION,
        "## Parameters",
        model_table(Motion),
        "[Easings](easings.md) shows the curves of `easing`.",
        "## Scopes and directions",
        table(("motion", "element", "character"), map(_row, known)),
        *(part for family in FAMILIES for part in _family(family, known)),
    )


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    return (f"[`{entry['type']}`](#{entry['type']})", *(_ways(scope) or "–" for scope in entry["scopes"]))


def _ways(scope: dict[str, Any]) -> str:
    return ", ".join(way for way in WAYS if scope.get(way))


def _family(family: str, known: list[dict[str, Any]]) -> Iterator[str]:
    title, about = FAMILIES[family]
    yield f"## {title}"
    yield about
    for entry in known:
        if entry["family"] == family:
            yield from _section(entry)


def _section(entry: dict[str, Any]) -> Iterator[str]:
    motion = entry["type"]
    yield f"### {motion}"
    yield entry["look"]
    yield unsupported(entry)
    shown = [scope for scope in entry["scopes"] if scope["supported"]]
    for scope in shown:
        yield _film(motion, scope["type"])
    yield "\n".join(f"- scope {name(scope['type'])}: {_ways(scope)}" for scope in shown)
    if entry["supported"]:
        yield _example(entry, shown[0])
        if len(shown) > 1:
            yield example({"type": motion, "scope": "character", **_time(entry, shown[1])[0]}, "text motion")


def _film(motion: str, scope: str) -> str:
    if scope == "character":
        return film("motions", f"{motion}-letters", f"The motion {motion} of letters")
    return film("motions", motion, f"The motion {motion} of an element")


def _example(entry: dict[str, Any], scope: dict[str, Any]) -> str:
    motions = [{"type": entry["type"], **time} for time in _time(entry, scope)]
    return example(motions if len(motions) > 1 else motions[0], "motion")


def _time(entry: dict[str, Any], scope: dict[str, Any]) -> list[dict[str, Any]]:
    """Where an element of two seconds has the motion: at its beginning, at its end, or at both."""
    is_long = (not scope["entrance"] and not scope["exit"]) or entry["family"] == "ken_burns"
    if is_long:
        return [{"time": 0, "duration": 2 if entry["family"] == "ken_burns" else 1}]
    coming = [{"time": 0, "duration": 0.8}] if scope["entrance"] else []
    flag = {} if entry["exit_only"] or (not scope["entrance"] and entry["exit_only"]) else {"reversed": True}
    return coming + ([{"time": 1.2, "duration": 0.8, **flag}] if scope["exit"] else [])
