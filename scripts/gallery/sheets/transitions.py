"""The transitions as film strips."""

from gpu_tasks.timeline.catalogue import looks, names
from scripts.gallery.tiles import Sheet, Strip, film, film_strips, picture

FRAME_RATE = 7
"""A transition of one second, seen at 1/7 to 6/7 of its time."""
PAIRS = (("portrait.png", "mountains.png"), ("balloons.png", "city.png"), ("mountains.png", "portrait.png"))


def transition_sheets() -> tuple[Sheet, ...]:
    about = "From one picture to the other: at 1/7, 2/7 … 6/7 of the time."
    strips = tuple(_strip(name, PAIRS[i % len(PAIRS)]) for i, name in enumerate(names("transitions")))
    return film_strips("transitions", "Transitions", about, strips, per_sheet=8)


def _strip(name: str, pair: tuple[str, str]) -> Strip:
    elements = [picture(pair[0], 1, id="from"), picture(pair[1], 1, id="to")]
    joins = [{"type": name, "duration": 1, "from_id": "from", "to_id": "to"}]
    request = film(*elements, duration_s=1, frame_rate=FRAME_RATE, transitions=joins)
    look = looks("transitions")[name]
    return Strip(name, look, (request,), frames=tuple(range(1, FRAME_RATE)), note=look)
