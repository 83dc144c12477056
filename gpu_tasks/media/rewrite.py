"""A source through a step into a file: every picture once, at its own time, with the sound that it had."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

from gpu_tasks.ahead import Ahead
from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.media.decode import VideoReader
from gpu_tasks.media.rewrite_film import FilmFile
from gpu_tasks.media.rewrite_image import rewrite_image
from gpu_tasks.media.rewrite_source import Shown, SourcePictures
from gpu_tasks.media.rewrite_times import Grid
from gpu_tasks.models.step import Frame, Step
from gpu_tasks.timeline.sources import SourceInfo

LOOK_AHEAD = 3
FILM_SUFFIXES = (".mp4", ".webm", ".mov")
IMAGE_SUFFIXES = (".png", ".jpg")
Progress = Callable[[str, int], None]
"""Called with a stage of the contract (`encoding`) and its percentage, 0-100, never falling."""


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was written. `duration_s` is None for a picture; a warning is `CODE: message`."""

    width: int
    height: int
    duration_s: float | None
    frame_count: int
    size_bytes: int
    warnings: tuple[str, ...] = ()


def rewrite(
    source: Path,
    info: SourceInfo,
    output: Path,
    step: Step,
    progress: Progress = lambda stage, percent: None,
) -> Rewritten:
    """Put every picture of `source` through `step` into `output`, whose suffix says what it becomes.

    Pictures become `.png` (with alpha where the step gives some) or `.jpg` (quality 95, 4:4:4), films `.mp4` (H.264),
    `.webm` (VP9, with alpha) or `.mov` (ProRes 422 HQ, 4444 with alpha). Films keep the number and the times of their
    frames, their matrix, range and other colour tags, and their sound, whose packets are copied where the container
    takes them. mp4 grows odd sizes by one pixel, as does every film whose size the step changes. No file is left
    after an error. Raises JobFailed: `source_too_large` where the result would have too many pixels, `decode_failed`
    and the like for a source that breaks off, `encode_failed`.
    """
    _check(info, output)
    _check_size(step.size(info.width, info.height))
    try:
        if info.kind == "image":
            width, height = rewrite_image(source, info, output, step)
            progress("encoding", 100)
            return Rewritten(width, height, None, 1, output.stat().st_size)
        return _rewrite_film(source, info, output, step, progress)
    except BaseException:
        output.unlink(missing_ok=True)
        raise


def _check(info: SourceInfo, output: Path) -> None:
    accepted = IMAGE_SUFFIXES if info.kind == "image" else FILM_SUFFIXES
    if output.suffix not in accepted:
        raise ValueError(f"a {info.kind} becomes {', '.join(accepted)}; {output.name} is none of them")
    if info.kind != "image" and not info.has_video:
        raise JobFailed("invalid_source", f"the source is {info.format} without a picture")


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > limits.MAX_PIXELS:
        raise JobFailed(
            "source_too_large",
            f"the result would have {size[0]}×{size[1]} pixels; at most {limits.MAX_PIXELS} are possible",
        )


def _rewrite_film(source: Path, info: SourceInfo, output: Path, step: Step, progress: Progress) -> Rewritten:
    progress("compositing", 0)
    count, end_s = 0, info.duration_s or Fraction(0)
    with VideoReader(source, "the source", threads=2, alpha=info.has_alpha) as reader:
        grid = Grid.of(reader.tick_s, info.frame_rate)
        with _Processed(reader, info, output, step) as processed, FilmFile(output, source, info, grid) as film:
            for shown, frame in processed:
                film.write(shown, frame)
                count += 1
                progress("encoding", _percent(frame.time_s, end_s))
            film.finish()
    if count == 0:
        raise JobFailed("decode_failed", "no picture could be decoded from the source")
    progress("encoding", 100)
    return Rewritten(film.width, film.height, float(end_s), count, output.stat().st_size, film.warnings)


def _percent(time_s: Fraction, end_s: Fraction) -> int:
    return min(99, max(0, int(100 * time_s / end_s))) if end_s > 0 else 0


class _Processed:
    """The frames that a step makes of a film, each with what the source showed; decoded ahead in a thread."""

    def __init__(self, reader: VideoReader, info: SourceInfo, output: Path, step: Step) -> None:
        pictures = SourcePictures(info, subsampled=output.suffix != ".mov")
        self._step = step
        self._size = step.size(info.width, info.height)
        self._waiting: deque[Shown] = deque()
        self._pairs = self._made()
        self._ahead = Ahead("source", lambda: map(pictures.show, reader.shots()), LOOK_AHEAD)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        # The step frees what it holds, and then nobody waits for the thread.
        self._pairs.close()
        self._ahead.stop()

    def __iter__(self) -> Iterator[tuple[Shown, Frame]]:
        return self._pairs

    def _made(self) -> Generator[tuple[Shown, Frame], None, None]:
        with closing(_relayed(self._step.process(self._given()))) as frames:
            for frame in frames:
                yield self._partner(frame), frame
        if self._waiting:
            raise RuntimeError(f"the step gave {len(self._waiting)} frames too few")

    def _given(self) -> Iterator[Frame]:
        for shown in self._ahead:
            self._waiting.append(shown)
            yield shown.frame

    def _partner(self, frame: Frame) -> Shown:
        if not self._waiting:
            raise RuntimeError("the step gave more frames than it got")
        shown = self._waiting.popleft()
        if frame.time_s != shown.frame.time_s:
            raise RuntimeError(f"the step gave a frame of second {frame.time_s}; next is {shown.frame.time_s}")
        if (frame.rgb.shape[1], frame.rgb.shape[0]) != self._size:
            raise RuntimeError(f"the step gave a frame of {frame.rgb.shape}; it promised {self._size}")
        return shown


def _relayed(frames: Iterable[Frame]) -> Generator[Frame, None, None]:
    """The same frames; closing this closes what yields them, where that can be closed."""
    yield from frames
