"""Frames and sound in, a film file out."""

import contextlib
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import av

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.encode_film import MuxedFilm
from gpu_tasks.media.encode_gif import GifFilm
from gpu_tasks.media.encode_settings import FilmSpec as FilmSpec
from gpu_tasks.media.encode_still import Still


class _Sink(Protocol):
    """What each family of formats implements."""

    width: int
    height: int

    def write_frame(self, frame: av.VideoFrame, index: int, count: int) -> None: ...
    def write_audio(self, block: Samples) -> None: ...
    def close(self) -> None: ...
    def abort(self) -> None: ...


class FilmWriter:
    """Writes one film file; use it as a context manager, which finishes the file, or removes it after an error.

    `pixel_format` is what frames must have; `width` and `height` are the file's own (mp4 grows odd sizes by one pixel,
    repeating the edge). Raises JobFailed `encode_failed`.
    """

    def __init__(self, path: Path, spec: FilmSpec) -> None:
        self._path = path
        self._spec = spec
        self.pixel_format = spec.pixel_format
        self._is_closed = False
        self._sink: _Sink = _sink(path, spec)
        self.width, self.height = self._sink.width, self._sink.height

    def write_frame(self, frame: av.VideoFrame, index: int, count: int = 1) -> None:
        """Encode frame `index`, counted from 0, and the `count` − 1 after it, which show the same.

        Frame n is shown at n / frame_rate.

        BT.709 limited range in `pixel_format`, of the spec's size. The frame's memory is free again on return; its
        pts, time base, type and colour tags are overwritten.
        """
        wanted = (self._spec.width, self._spec.height, self.pixel_format)
        if (frame.width, frame.height, frame.format.name) != wanted:
            raise ValueError(f"frame is {frame.width}×{frame.height} {frame.format.name}; the film takes {wanted}")
        self._sink.write_frame(frame, index, count)

    def write_audio(self, block: Samples) -> None:
        """Encode the next n×2 float32 samples at 48 kHz, within ±1. Keep it within a second or so of the picture."""
        self._sink.write_audio(block)

    def close(self) -> None:
        """Finish the file. Calling it again does nothing."""
        if not self._is_closed:
            self._is_closed = True
            self._sink.close()

    def _abort(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            with contextlib.suppress(JobFailed):
                self._sink.abort()
        self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None:
            self._abort()
            return
        try:
            self.close()
        except BaseException:
            self._path.unlink(missing_ok=True)
            raise


def _sink(path: Path, spec: FilmSpec) -> _Sink:
    if spec.output_format == "gif":
        return GifFilm(path, spec)
    if spec.output_format in ("png", "jpg"):
        return Still(path, spec)
    return MuxedFilm(path, spec)
