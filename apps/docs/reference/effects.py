"""Every effect: how it looks, and what it takes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import model_table
from apps.docs.reference.writing import SAMPLES, example, index, page, picture, unsupported
from gpu_tasks.timeline.request import ChromaSettings, Effect

CHROMA_KEY: Final = "chroma_key"
_ELEMENT: Final = {
    "type": "video",
    "source_url": f"{SAMPLES}/clip.mp4",
    "out_point": 2,
    "effects": [{"type": "vintage", "intensity": 80}, {"type": "add_grain", "intensity": 40}],
}
_KEYED: Final = {"type": CHROMA_KEY, "chroma_settings": {"hue_min": 80, "hue_max": 160, "sat_min": 30}}


def pages() -> Iterable[Page]:
    """The page of all effects."""
    known = entries("effects")
    yield page(
        "effects",
        "# Effects",
        f"What a video or an image looks like: {len(known)} effects, which can be combined.",
        example(_ELEMENT, "element"),
        "`effects` is a list, and they are applied in its order. The pictures show each at its full intensity, and "
        "in the corner the picture as it was.",
        "## Parameters",
        "All effects take the same; `chroma_settings` is for `chroma_key`.",
        model_table(Effect),
        "### Colours that `chroma_key` removes",
        model_table(ChromaSettings),
        "## All effects",
        index("effects", ((entry["type"], entry["look"]) for entry in known)),
        *(part for entry in known for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    effect = entry["type"]
    yield f"## {effect}"
    yield entry["look"]
    yield unsupported(entry)
    yield picture("effects", effect, f"The effect {effect}, and the picture without it")
    if entry["supported"]:
        yield example(_KEYED if effect == CHROMA_KEY else {"type": effect, "intensity": 100}, "effect")
