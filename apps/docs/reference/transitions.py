"""Every transition: how it looks, and where it lies."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.fields import model_table
from apps.docs.reference.writing import SAMPLES, example, film, index, page, unsupported
from gpu_tasks.timeline.request import Transition

_FILM: Final = {
    "width": 640,
    "height": 360,
    "elements": [
        {"type": "video", "id": "a", "source_url": f"{SAMPLES}/clip.mp4", "out_point": 2},
        {"type": "video", "id": "b", "source_url": f"{SAMPLES}/second.mp4", "time": 2, "out_point": 2},
    ],
    "transitions": [{"type": "page_turn", "duration": 1, "from_id": "a", "to_id": "b"}],
}
_PLACE: Final = """## Where it lies

- **On a cut**, where one element ends as the other begins: the transition is centred on it. Both play on into what
  lies beyond their trim points; where there is nothing, the last or first frame is held.
- **Over an overlap**: it fills the overlap, or its last `duration` seconds where the overlap is longer.
- **Over a gap**: the last frame of the first element is held until the second one begins, with the warning
  `TRANSITION_GAP`.
- **With one `id` only** an element comes out of nothing, or goes into it.

The sounds of two videos cross-fade in step."""


def pages() -> Iterable[Page]:
    """The page of all transitions."""
    known = entries("transitions")
    yield page(
        "transitions",
        "# Transitions",
        f"How one element becomes another: {len(known)} transitions.",
        example(_FILM),
        "## Parameters",
        model_table(Transition),
        _PLACE,
        "## All transitions",
        index("transitions", ((entry["type"], entry["look"]) for entry in known)),
        *(part for entry in known for part in _section(entry)),
    )


def _section(entry: dict[str, Any]) -> Iterator[str]:
    transition = entry["type"]
    yield f"## {transition}"
    yield entry["look"]
    yield unsupported(entry)
    yield film("transitions", transition, f"The transition {transition}")
    if entry["supported"]:
        yield example({"type": transition, "duration": 0.8, "from_id": "a", "to_id": "b"}, "transition")
