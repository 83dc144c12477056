"""Value types of the request: dimensions, angles, colours and exact times."""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, WithJsonSchema
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

MAX_MAGNITUDE = 100_000
_DIMENSION = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|%)?\s*$", re.ASCII)
_ANGLE = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(deg|°|rad)?\s*$", re.ASCII)


Rgba = tuple[int, int, int, int]
"""Red, green, blue and alpha, each 0-255, not premultiplied."""


@dataclass(frozen=True, slots=True)
class Length:
    """A dimension: pixels, or a share of an axis."""

    value: float
    relative: bool

    def resolve(self, axis_px: float) -> float:
        """Pixels on an axis of `axis_px` pixels."""
        return self.value / 100 * axis_px if self.relative else self.value


def parse_dimension(raw: float | str) -> Length:
    """Parse `12`, `"12"`, `"12px"` or `"50%"`. Raises ValueError naming the value."""
    if isinstance(raw, str):
        match = _DIMENSION.match(raw) if len(raw) <= 32 else None
        if match is None:
            raise ValueError(f"{raw[:32]!r} is not a dimension; write 12, '12px' or '50%'")
        value, relative = float(match[1]), match[2] == "%"
    else:
        value, relative = float(raw), False
    if not math.isfinite(value) or abs(value) > MAX_MAGNITUDE:
        raise ValueError(f"{raw!r} is out of range; a dimension lies within ±{MAX_MAGNITUDE}")
    return Length(value, relative)


def parse_angle(raw: float | str) -> float:
    """Parse `45`, `"45deg"`, `"45°"` or `"0.5rad"` into degrees. Raises ValueError naming the value."""
    if isinstance(raw, str):
        match = _ANGLE.match(raw) if len(raw) <= 32 else None
        if match is None:
            raise ValueError(f"{raw[:32]!r} is not an angle; write 45, '45deg', '45°' or '0.5rad'")
        value = math.degrees(float(match[1])) if match[2] == "rad" else float(match[1])
    else:
        value = float(raw)
    if not math.isfinite(value) or abs(value) > MAX_MAGNITUDE:
        raise ValueError(f"{raw!r} is out of range; an angle lies within ±{MAX_MAGNITUDE} degrees")
    return value


def parse_color(raw: str) -> Rgba:
    """`#rrggbb` or `#rrggbbaa` as (red, green, blue, alpha), each 0-255; alpha is 255 when omitted."""
    digits = raw[1:] if len(raw) == 9 else raw[1:] + "ff"
    red, green, blue, alpha = bytes.fromhex(digits)
    return red, green, blue, alpha


def exact(seconds: float) -> Fraction:
    """The decimal number that was written in the JSON, as an exact fraction of a second."""
    return Fraction(repr(seconds))


def _check_dimension(raw: float | str) -> float | str:
    try:
        parse_dimension(raw)
    except ValueError as error:
        raise PydanticCustomError("dimension", "{reason}", {"reason": str(error)}) from None
    return raw


def _check_angle(raw: float | str) -> float | str:
    try:
        parse_angle(raw)
    except ValueError as error:
        raise PydanticCustomError("angle", "{reason}", {"reason": str(error)}) from None
    return raw


def _check_url(raw: str, info: ValidationInfo) -> str:
    local_allowed = bool(info.context and info.context.get("local_sources"))
    try:
        parts = urlsplit(raw)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if local_allowed and parts.scheme in ("", "file"):
        return raw
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() for c in raw):
        raise PydanticCustomError(
            "url", "{value} is not a URL; write http://… or https://…", {"value": repr(raw[:100])}
        )
    return raw


def _json_schema(schema: dict[str, Any]) -> WithJsonSchema:
    return WithJsonSchema(schema)


_NUMBER_OR_STRING = {"anyOf": [{"type": "number"}, {"type": "string"}]}

Dimension = Annotated[float | str, AfterValidator(_check_dimension), _json_schema(_NUMBER_OR_STRING)]
Angle = Annotated[float | str, AfterValidator(_check_angle), _json_schema(_NUMBER_OR_STRING)]
HexColor = Annotated[str, Field(pattern=r"^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
Url = Annotated[
    str,
    Field(min_length=1, max_length=2083, json_schema_extra={"format": "uri"}),
    AfterValidator(_check_url),
]
_SECONDS: Final[JsonDict] = {"x-unit": "seconds"}
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False, json_schema_extra=_SECONDS)]
PositiveSeconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False, json_schema_extra=_SECONDS)]
