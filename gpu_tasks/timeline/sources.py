"""What a probe learns about a source file: the facts that a plan needs."""

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any, Literal

SourceKind = Literal["video", "audio", "image", "font", "lut"]


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """Facts about a media file.

    `width` and `height` are those of the upright picture (rotation metadata and pixel aspect applied), 0 without a
    picture. `duration_s` is None for stills. `rotation` is how far the decoded frames must be turned, clockwise, in
    degrees: 0, 90, 180 or 270. `frame_rate` is informative only; frames are chosen by their timestamps.
    """

    kind: SourceKind
    format: str
    content_type: str
    size_bytes: int
    width: int = 0
    height: int = 0
    rotation: int = 0
    has_video: bool = False
    has_audio: bool = False
    has_alpha: bool = False
    duration_s: Fraction | None = None
    frame_rate: Fraction | None = None
    video_codec: str = ""
    audio_codec: str = ""
    font_family: str = ""

    def as_json(self) -> dict[str, Any]:
        """A JSON-ready dictionary; fractions become `"n/d"` strings."""
        return {k: str(v) if isinstance(v, Fraction) else v for k, v in asdict(self).items()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "SourceInfo":
        fractions = {k: Fraction(data[k]) for k in ("duration_s", "frame_rate") if data.get(k) is not None}
        return cls(**{**data, **fractions})
