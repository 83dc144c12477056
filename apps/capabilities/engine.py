"""What renders here: the engine's version, its encoders, its fonts."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from django.conf import settings

from apps.capabilities.entries import entry
from gpu_tasks.timeline.catalogue import is_supported, names

_CODECS: dict[str, tuple[str, str | None]] = {
    "mp4": ("h264", "aac"),
    "webm": ("vp9", "opus"),
    "mov": ("prores", "pcm_s16le"),
    "gif": ("gif", None),
    "png": ("png", None),
    "jpg": ("mjpeg", None),
}


def description() -> dict[str, Any]:
    """The engine as a whole. `encoders` are the video codecs that it writes."""
    return {
        "version": settings.FRAMELANE_VERSION,
        "accelerator": settings.FRAMELANE_ACCELERATOR,
        "encoders": [entry(codec, supported=True) for codec in dict.fromkeys(video for video, _ in _CODECS.values())],
    }


def output_formats() -> list[dict[str, Any]]:
    """Formats of a film, with their codecs and whether they can be transparent."""
    return [
        entry(
            name,
            is_supported("output_formats", name),
            video_codec=_CODECS[name][0],
            audio_codec=_CODECS[name][1],
            alpha=name in names("alpha_output_formats"),
        )
        for name in names("output_formats")
    ]


@cache
def fonts() -> list[dict[str, Any]]:
    """Families that text can be set in."""
    families = json.loads(files("gpu_tasks.timeline").joinpath("fonts.json").read_text("utf-8"))
    return [entry(family.pop("family"), supported=True, **family) for family in families]
