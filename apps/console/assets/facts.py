"""What is known of an asset, in words, and how it is written into a request."""

import json
from fractions import Fraction
from typing import Any, Final

from django.template.defaultfilters import filesizeformat

from apps.console.templatetags.console import seconds
from apps.uploads.models import Asset, Kind
from framelane.lib.net import shown
from framelane.lib.storage import get_links
from gpu_tasks.timeline.lint import InvalidRequest, parse_render

MIN_SIDE, MAX_SIDE = 16, 8192
"""Pixels of a canvas."""

PLAYED_BY_BROWSERS: Final = {
    "video/mp4": {"h264", "av1", "vp9"},
    "video/quicktime": {"h264"},
    "video/webm": {"vp8", "vp9", "av1"},
}
"""Containers and video codecs that every current browser plays."""
SEEN_IN_BROWSERS: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})
HEARD_IN_BROWSERS: Final = frozenset(
    {"audio/mpeg", "audio/mp4", "audio/wav", "audio/x-wav", "audio/aac", "audio/flac", "audio/ogg"}
)
_CODECS: Final = {
    "h264": "H.264",
    "hevc": "H.265",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "prores": "ProRes",
    "mpeg2video": "MPEG-2",
    "mjpeg": "JPEG",
    "aac": "AAC",
    "mp3": "MP3",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "flac": "FLAC",
}


def facts_of(asset: Asset) -> list[tuple[str, str]]:
    """Facts as names and texts, without those that are not known."""
    info: dict[str, Any] = asset.info or {}
    found = [
        ("Dimensions", f"{asset.width} × {asset.height} pixels" if asset.width and asset.height else ""),
        ("Duration", seconds(asset.duration) if asset.duration is not None else ""),
        ("Frame rate", _rate(info.get("frame_rate"))),
        ("Picture", _codec(info.get("video_codec"))),
        ("Transparency", "yes" if info.get("has_alpha") else ""),
        ("Turned by", f"{info['rotation']}° (shown upright)" if info.get("rotation") else ""),
        ("Sound", _sound(info)),
        ("Font family", info.get("font_family", "")),
        ("Type", asset.content_type),
        ("Size", filesizeformat(asset.size_bytes) if asset.size_bytes is not None else ""),
        ("Copied from", shown(asset.source) if asset.source else ""),
    ]
    return [(name, text) for name, text in found if text]


def player_of(asset: Asset) -> str:
    """With what a page shows the file itself: `video`, `audio`, `image`; "" when browsers cannot."""
    info: dict[str, Any] = asset.info or {}
    if asset.kind == Kind.VIDEO:
        return "video" if info.get("video_codec") in PLAYED_BY_BROWSERS.get(asset.content_type, ()) else ""
    if asset.kind == Kind.AUDIO:
        return "audio" if asset.content_type in HEARD_IN_BROWSERS else ""
    return "image" if asset.content_type in SEEN_IN_BROWSERS else ""


def snippet_of(asset: Asset) -> str:
    """A render that uses the asset, as JSON; "" where renders do not take such a file."""
    render: dict[str, Any] = {"elements": [_element(asset)]}
    width, height = asset.width or 0, asset.height or 0
    if asset.kind == Kind.VIDEO and min(width, height) >= MIN_SIDE and max(width, height) <= MAX_SIDE:
        render = {"width": width, "height": height, **render}
    try:
        parse_render(render)
    except InvalidRequest:
        return ""
    return json.dumps(render, indent=2, ensure_ascii=False)


def _element(asset: Asset) -> dict[str, Any]:
    source = {"source_url": get_links().stable(asset.key)}
    match asset.kind:
        case Kind.VIDEO:
            return {"type": "video", **source}
        case Kind.AUDIO:
            return {"type": "audio", **source}
        case Kind.IMAGE:
            return {"type": "image", "id": "picture", "duration": 5, **source}
    family = (asset.info or {}).get("font_family") or "Inter"
    return {"type": "text", "text": "Hello", "duration": 5, "font_family": family, "font_size": 96}


def _rate(raw: str | None) -> str:
    return f"{float(Fraction(raw)):.5g} frames a second" if raw else ""


def _codec(name: str | None) -> str:
    return _CODECS.get(name, "PCM" if name.startswith("pcm_") else name) if name else ""


def _sound(info: dict[str, Any]) -> str:
    if not info:
        return ""
    codec = _codec(info.get("audio_codec"))
    if info.get("has_audio"):
        return codec or "yes"
    return "none" if info.get("kind") == "video" else ""
