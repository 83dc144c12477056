"""The options of a background removal, checked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from gpu_tasks.models.background_removal.outputs import Colour
from gpu_tasks.models.background_removal.segment import DEFAULT_MODEL
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.catalogue import of_purpose

MODEL_SETTING = "FRAMELANE_BACKGROUND_MODEL"
OutputName = Literal["alpha", "matte", "color", "blur"]
FormatName = Literal["mov", "webm"]
_WHITE = (255, 255, 255, 255)
_HEX = re.compile(r"#([0-9A-Fa-f]{6})([0-9A-Fa-f]{2})?")


@dataclass(frozen=True, slots=True)
class Options:
    """What to deliver. `colour` counts for `color` only, `format` for films only (None: what suits the output)."""

    output: OutputName = "alpha"
    colour: Colour = _WHITE
    format: FormatName | None = None
    model: str = DEFAULT_MODEL

    def carries_alpha(self, source: SourceInfo) -> bool:
        """Whether the result lets through what will lie behind it."""
        return {
            "alpha": True,
            "matte": False,
            "color": self.colour[3] < 255,
            "blur": source.has_alpha,
        }[self.output]

    def form(self, source: SourceInfo) -> str:
        """The suffix of the result."""
        if source.kind == "image":
            lossy = source.format == "jpeg" and self.output in ("color", "blur") and not self.carries_alpha(source)
            return ".jpg" if lossy else ".png"
        return f".{self.format or ('webm' if self.carries_alpha(source) else 'mp4')}"


def parse(options: Mapping[str, Any]) -> Options:
    """The options as a task's description holds them: `output`, `background_color`, `format`, `model`, None or absent
    for what is usual. Other keys are not looked at.

    The usual model is the one that the environment's FRAMELANE_BACKGROUND_MODEL names, else MediaPipe's, which comes
    with the software. Raises ValueError, which names the value and what is accepted.
    """
    output = options.get("output") or "alpha"
    colour, form = options.get("background_color"), options.get("format")
    _check("output", output, get_args(OutputName))
    if form is not None:
        _check("format", form, get_args(FormatName))
    return Options(
        output=cast(OutputName, output),
        colour=_WHITE if colour is None else parse_colour(colour),
        format=cast("FormatName | None", form),
        model=_model(options.get("model")),
    )


def parse_colour(value: Any) -> Colour:
    """`#RRGGBB` or `#RRGGBBAA`. Raises ValueError."""
    match = _HEX.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"background_color is {value!r}; accepted are #RRGGBB and #RRGGBBAA")
    red, green, blue = bytes.fromhex(match[1])
    return red, green, blue, int(match[2] or "ff", 16)


def _model(named: Any) -> str:
    known = [entry.name for entry in of_purpose("background_removal")]
    if named is not None:
        _check("model", named, known)
        return cast(str, named)
    setting = os.environ.get(MODEL_SETTING, "")
    if setting:
        _check(MODEL_SETTING, setting, known)
    return setting or DEFAULT_MODEL


def _check(name: str, value: Any, accepted: tuple[str, ...] | list[str]) -> None:
    if not isinstance(value, str) or value not in accepted:
        raise ValueError(f"{name} is {value!r}; accepted are {', '.join(accepted)}")
