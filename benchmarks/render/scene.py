"""The scenes: request files for 720 lines, the same scaled to other heights, and where each keeps its pieces."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.render.paths import CACHE, SCENES

BASE_HEIGHT = 720
FRAME_RATE = 30
PIXEL_FIELDS = frozenset(
    {"x", "y", "width", "height", "font_size", "stroke_width", "border_radius", "x_padding", "y_padding"}
)
NAMES = tuple(sorted(path.stem for path in SCENES.glob("S*.json")))
TIMES_S: dict[str, tuple[float, ...]] = {
    "S1": (0.5, 3.0),
    "S2": (1.3, 5.0, 8.0),
    "S3": (1.2, 2.2, 4.0),
    "S4": (3.0,),
    "S5": (0.6, 3.0),
    "S6": (1.2, 5.1),
}
"""Moments at which the tools' pictures are compared."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene at one height. `request` is the whole request with absolute source paths."""

    name: str
    request: dict[str, Any]
    folder: Path

    @property
    def width(self) -> int:
        return int(self.request["width"])

    @property
    def height(self) -> int:
        return int(self.request["height"])

    @property
    def label(self) -> str:
        return f"{self.name} {self.height}p"

    @property
    def duration_s(self) -> float:
        return float(self.request["duration"])

    @property
    def frame_count(self) -> int:
        return round(self.duration_s * FRAME_RATE)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        """The elements of one type, in the order of the request."""
        return [element for element in self.request["elements"] if element["type"] == kind]

    def element(self, element_id: str) -> dict[str, Any]:
        return next(element for element in self.request["elements"] if element.get("id") == element_id)

    @property
    def request_path(self) -> Path:
        return self.folder / "scene.json"


def load(name: str, height: int) -> Scene:
    """Scene `name` at `height` lines; a scene whose canvas is its source's size (S6) has only that one."""
    path = SCENES / f"{name}.json"
    request = json.loads(path.read_text("utf-8"))
    for element in request["elements"]:
        if "source_url" in element:
            element["source_url"] = str((path.parent / element["source_url"]).resolve())
    request = scaled(request, height / request["height"])
    folder = CACHE / "work" / f"{name}-{height}"
    folder.mkdir(parents=True, exist_ok=True)
    scene = Scene(name, request, folder)
    scene.request_path.write_text(json.dumps(request, indent=1))
    return scene


def heights_of(name: str, wanted: list[int]) -> list[int]:
    """The heights among `wanted` that the scene is defined for."""
    own = json.loads((SCENES / f"{name}.json").read_text("utf-8"))["height"]
    return wanted if own == BASE_HEIGHT else [height for height in wanted if height == own]


def scaled(request: dict[str, Any], factor: float) -> dict[str, Any]:
    """The same picture on a canvas `factor` times as large: every number that means pixels grows, shares stay."""
    elements = [
        {key: _scaled_value(key, value, factor) for key, value in element.items()} for element in request["elements"]
    ]
    size = {key: round(request[key] * factor) for key in ("width", "height")}
    return {**request, **size, "elements": elements}


def _scaled_value(key: str, value: Any, factor: float) -> Any:
    return value * factor if key in PIXEL_FIELDS and isinstance(value, int | float) else value
