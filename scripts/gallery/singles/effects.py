"""Each effect at full intensity, with the picture as it was in a corner."""

from typing import Final

from gpu_tasks.timeline.catalogue import names
from scripts.gallery.sheets.effects import CENTRED, FAMILIES, element, shown
from scripts.gallery.singles.single import PICTURE_PX, Single
from scripts.gallery.tiles import STILL_S, Payload, still

SOURCES: Final[dict[str, str]] = {name: source for _, _, family in FAMILIES.values() for name, source in family.items()}
BRIGHTER: Final = {"scanlines": "balloons.png"}
"""What shows better in small than the source of the sheets."""
FINE: Final = frozenset(
    {"add_grain", "scanlines", "vhs", "cc_halftone", "cc_halftone_blue", "cc_halftone_green", "cc_halftone_red"}
)
"""Effects whose grain, lines or dots a smaller picture would lose: drawn in its size."""
MOMENTS_S: Final = {"glitch": 2.3, "echo": 2.1, "ghosting": 2.1, "vhs": 2.1}
"""When they show most."""
BUSY_CORNERS: Final = frozenset({"viewfinder", "vhs_overlay"})
INSET: Final[Payload] = {
    "width": "26%", "height": "26%", "border_color": "#ffffff", "border_width": "0.4%", "border_radius": "4%",
}  # fmt: skip


def effect_singles() -> tuple[Single, ...]:
    return tuple(
        Single("effects", name, _request(name, BRIGHTER.get(name, SOURCES[name]))) for name in names("effects")
    )


def _request(effect: str, source: str) -> Payload:
    before = element(source, id="before", z_index=1, **INSET, **_corner(effect, source))
    size = {"width": PICTURE_PX[0], "height": PICTURE_PX[1]} if effect in FINE else {}
    return still(before, *shown(effect, source, 100), time_s=MOMENTS_S.get(effect, STILL_S), **size)


def _corner(effect: str, source: str) -> Payload:
    """Where the inset hides least: the portrait has nothing at its left."""
    y = {"y": "50%"} if effect in BUSY_CORNERS else {"y": "96.5%", "y_anchor": "100%"}
    if source == "portrait.png" and effect not in CENTRED:
        return {"x": "2%", "x_anchor": "0%", **y}
    return {"x": "98%", "x_anchor": "100%", **y}
