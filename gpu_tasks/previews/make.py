"""Which pictures a file gets, by what it is."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.probe import probe
from gpu_tasks.previews import film, specimen, still, waveform
from gpu_tasks.previews.pictures import Pixels, poster_of, strip_of, write_jpeg, write_png
from gpu_tasks.previews.score import best
from gpu_tasks.timeline.sources import SourceInfo

POSTER, STRIP, WAVEFORM = "poster.jpg", "strip.jpg", "waveform.png"
POSTER_QUALITY, STRIP_QUALITY = 82, 72


def make(path: Path, folder: Path) -> dict[str, Any]:
    """Write the pictures of the file at `path` into `folder`; their names and facts. Raises JobFailed."""
    info = probe(path)
    result = {"poster": "", "width": None, "height": None, "strip": "", "strip_frames": 0, "waveform": ""}
    result |= _seen(path, info, folder)
    if info.has_audio:
        result |= _heard(path, info, folder)
    return result


def _seen(path: Path, info: SourceInfo, folder: Path) -> dict[str, Any]:
    if info.has_video:
        return _filmed(film.samples(path, info), folder)
    if info.kind == "image":
        frames = still.samples(path, info)
        return _filmed(frames, folder)
    return _posted(specimen.draw(path), folder) if info.kind == "font" else {}


def _filmed(frames: Sequence[Pixels], folder: Path) -> dict[str, Any]:
    """The best of the frames as the poster, and all of them side by side where there are several."""
    made = _posted(best(frames), folder)
    if len(frames) > 1:
        write_jpeg(folder / STRIP, strip_of(frames), STRIP_QUALITY)
        made |= {"strip": STRIP, "strip_frames": len(frames)}
    return made


def _posted(picture: Pixels, folder: Path) -> dict[str, Any]:
    poster = poster_of(picture)
    write_jpeg(folder / POSTER, poster, POSTER_QUALITY)
    return {"poster": POSTER, "width": poster.shape[1], "height": poster.shape[0]}


def _heard(path: Path, info: SourceInfo, folder: Path) -> dict[str, Any]:
    """Nothing for a film whose sound is broken: its pictures can be shown all the same."""
    try:
        picture = waveform.draw(waveform.levels(path, info))
    except JobFailed as failure:
        if not info.has_video:
            raise
        print(f"no waveform: {failure.message}", file=sys.stderr)
        return {}
    write_png(folder / WAVEFORM, picture)
    return {"waveform": WAVEFORM}
