"""Value types of scenes: dimensions, angles, colours and addresses. They accept what the API accepts."""

import math
import re
from typing import Annotated, Union
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

MAX_MAGNITUDE = 100_000
MAX_LENGTH = 32
"""Characters of a dimension or an angle."""
_DIMENSION = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(px|%)?\s*$", re.ASCII)
_ANGLE = re.compile(r"^\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(deg|°|rad)?\s*$", re.ASCII)


def _dimension(raw: Union[float, str]) -> Union[float, str]:
    value = _number(raw, _DIMENSION)
    if value is None:
        raise _refusal("dimension", f"{_shown(raw)} is not a dimension; write 12, '12px' or '50%'")
    if not math.isfinite(value) or abs(value) > MAX_MAGNITUDE:
        raise _refusal("dimension", f"{raw!r} is out of range; a dimension lies within ±{MAX_MAGNITUDE}")
    return raw


def _angle(raw: Union[float, str]) -> Union[float, str]:
    value = _number(raw, _ANGLE)
    if value is None:
        raise _refusal("angle", f"{_shown(raw)} is not an angle; write 45, '45deg', '45°' or '0.5rad'")
    degrees = math.degrees(value) if isinstance(raw, str) and raw.rstrip().endswith("rad") else value
    if not math.isfinite(degrees) or abs(degrees) > MAX_MAGNITUDE:
        raise _refusal("angle", f"{raw!r} is out of range; an angle lies within ±{MAX_MAGNITUDE} degrees")
    return raw


def _number(raw: Union[float, str], pattern: "re.Pattern[str]") -> Union[float, None]:
    if not isinstance(raw, str):
        return float(raw)
    match = pattern.match(raw) if len(raw) <= MAX_LENGTH else None
    return float(match[1]) if match else None


def _shown(raw: object) -> str:
    return repr(raw[:MAX_LENGTH]) if isinstance(raw, str) else repr(raw)


def check_url(raw: str) -> str:
    """The address as it is. Raises PydanticCustomError unless it is one of the web."""
    try:
        parts = urlsplit(raw)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host or any(character.isspace() for character in raw):
        raise _refusal("url", f"{raw[:100]!r} is not a URL; write http://… or https://…")
    return raw


def _refusal(code: str, reason: str) -> PydanticCustomError:
    return PydanticCustomError(code, "{reason}", {"reason": reason})


Dimension = Annotated[Union[float, str], AfterValidator(_dimension)]
Angle = Annotated[Union[float, str], AfterValidator(_angle)]
HexColor = Annotated[str, Field(pattern=r"^#([0-9a-fA-F]{6}|[0-9a-fA-F]{8})$")]
