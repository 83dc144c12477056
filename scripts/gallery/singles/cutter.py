"""Writes pictures and films as small as pages want them; the engine's own files are made for further work."""

from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import cv2

from examples.sources.noise import Array
from scripts.gallery.singles.single import (
    FILM_PX,
    FILM_RATE,
    MAX_FILM_BYTES,
    MAX_PICTURE_BYTES,
    PICTURE_PX,
    Single,
)
from scripts.gallery.studio import Studio

QUALITIES: Final = (88, 82, 76, 70, 62, 54)
"""Of a JPEG, tried until it is small enough."""
RATE_FACTORS: Final = (24, 27, 30, 33, 36, 40)
"""Of x264, tried until the film is small enough."""


def cut(work: Path, out: Path, single: Single) -> int:
    """Render an entry and write its files below `out`; returns their size in bytes together."""
    cv2.setNumThreads(1)
    frames = list(Studio(work).frames(single.request))
    paths = [out / name for name in single.files]
    paths[0].parent.mkdir(parents=True, exist_ok=True)
    _write_picture(paths[0], frames[min(round(single.poster_s * FILM_RATE), len(frames) - 1)])
    if single.is_film:
        _write_film(paths[1], [cv2.resize(frame, FILM_PX, interpolation=cv2.INTER_AREA) for frame in frames])
    return sum(path.stat().st_size for path in paths)


def _write_picture(path: Path, frame: Array) -> None:
    small = cv2.cvtColor(cv2.resize(frame, PICTURE_PX, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    for quality in QUALITIES:
        options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1]
        cv2.imwrite(str(path), small, options)
        if path.stat().st_size < MAX_PICTURE_BYTES:
            return
    raise ValueError(f"{path.name} has {path.stat().st_size} bytes; less than {MAX_PICTURE_BYTES} are wanted")


def _write_film(path: Path, frames: list[Any]) -> None:
    for rate_factor in RATE_FACTORS:
        _encode(path, frames, rate_factor)
        if path.stat().st_size < MAX_FILM_BYTES:
            return
    raise ValueError(f"{path.name} has {path.stat().st_size} bytes; less than {MAX_FILM_BYTES} are wanted")


def _encode(path: Path, frames: list[Any], rate_factor: int) -> None:
    """H.264 without sound, that begins to play before all of it is there. One thread: the same bytes every time."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=FILM_RATE)
        stream.width, stream.height = FILM_PX
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, FILM_RATE)
        stream.codec_context.thread_count = 1
        stream.options = {"crf": str(rate_factor), "preset": "veryslow", "profile": "high", "tune": "animation"}
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode(None))
