"""Reading moving pictures by exact time: forwards, each frame decoded once."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
from av.video.stream import VideoStream

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import best_picture, open_media, packets, reason, time_zero
from gpu_tasks.media.limits import MAX_PIXELS

SEEK_WHEN_AHEAD_BY_S = Fraction(2)
MAX_BROKEN_PACKETS = 32
_ALPHA_DECODERS = {"vp8": "libvpx", "vp9": "libvpx-vp9"}
_BEFORE_ANYTHING_S = Fraction(-60)
_FALLBACKS_S = (Fraction(0), Fraction(5), None)
"""How much further back to seek when a container's index leads past the wanted time; None = to the start."""


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A decoded frame and the source second at which it appears. Whoever owns the frame may change its pts."""

    time_s: Fraction
    frame: av.VideoFrame


class VideoReader:
    """The picture of one file. `shot_at(t)` gives the latest frame with pts ≤ t; edge frames hold outside.

    Time 0 is `time_zero`, the same as for the sound. `label` names the source in errors. Raises JobFailed:
    `decode_failed` when nothing can be decoded, `codec_unsupported`, `source_too_large`.
    """

    def __init__(self, path: Path, label: str, *, threads: int = 1, alpha: bool = False) -> None:
        self._label = label
        self._container = open_media(path)
        self._stream = self._picture_stream()
        self._zero_s = time_zero(self._container)
        self._half_tick_s = (self._stream.time_base or Fraction(0)) / 2
        self._codec = self._open_codec(threads, alpha)
        self._shots: Iterator[Shot] = iter(())
        self._is_first = False
        self._current: Shot | None = None
        self._next: Shot | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._shots = iter(())
        self._current = self._next = None
        self._container.close()

    @property
    def tick_s(self) -> Fraction:
        """What the container's time stamps count, in seconds."""
        return 2 * self._half_tick_s

    def shots(self) -> Iterator[Shot]:
        """Every frame once, in order, from the first one on. For a reader that was asked for nothing yet."""
        return self._decode()

    def shot_at(self, time_s: Fraction) -> Shot:
        """The frame on screen at source second `time_s`. Cheap when times rise; a step back or far ahead seeks."""
        return self._go_to(time_s, None)

    def shot_near(self, time_s: Fraction, most_frames: int) -> Shot:
        """As `shot_at`, but an earlier frame where more than `most_frames` would have to be decoded to get there."""
        return self._go_to(time_s, most_frames)

    def _go_to(self, time_s: Fraction, most_frames: int | None) -> Shot:
        if self._must_seek(time_s):
            self._restart(time_s)
        decoded = 0
        while self._next is not None and self._is_due(self._next, time_s) and decoded != most_frames:
            decoded += 1
            self._current, self._next = self._next, next(self._shots, None)
            self._is_first = False
        if self._current is None:
            raise JobFailed("decode_failed", f"no picture could be decoded from {self._label}")
        return self._current

    def holds_at(self, time_s: Fraction) -> bool:
        """Whether the last shot is still the one on screen at a later `time_s`."""
        return self._next is None or not self._is_due(self._next, time_s)

    def _is_due(self, shot: Shot, time_s: Fraction) -> bool:
        """Containers round time stamps to their tick (1 ms in Matroska): a frame half a tick late is on time."""
        return shot.time_s <= time_s + self._half_tick_s

    def _must_seek(self, time_s: Fraction) -> bool:
        if self._current is None:
            return True
        if not self._is_due(self._current, time_s):
            return not self._is_first
        return self._next is not None and time_s - self._next.time_s > SEEK_WHEN_AHEAD_BY_S

    def _restart(self, time_s: Fraction) -> None:
        """Seek to the keyframe at or before `time_s`; earlier still where a container's index is wrong."""
        for back_s in _FALLBACKS_S:
            self._is_first = back_s is None or time_s <= back_s
            # Far before the start, as transport streams carry earlier decoding times in front of their first frame.
            self._seek(_BEFORE_ANYTHING_S if self._is_first or back_s is None else time_s - back_s)
            self._current, self._next = next(self._shots, None), next(self._shots, None)
            if self._is_first or (self._current is not None and self._is_due(self._current, time_s)):
                return

    def _seek(self, target_s: Fraction) -> None:
        time_base = self._stream.time_base
        assert time_base is not None
        try:
            self._container.seek(int((target_s + self._zero_s) / time_base), stream=self._stream, backward=True)
        except av.error.FFmpegError as error:
            raise JobFailed(
                "decode_failed", f"{self._label} cannot be read from {float(target_s):.3f} s: {reason(error)}"
            ) from None
        self._codec.flush_buffers()
        self._shots = self._decode()

    def _decode(self) -> Iterator[Shot]:
        time_base = self._stream.time_base
        assert time_base is not None
        for frame in self._frames():
            if frame.pts is None:
                continue
            if frame.width * frame.height > MAX_PIXELS:
                raise JobFailed("source_too_large", f"{self._label} has frames of {frame.width}×{frame.height} pixels")
            yield Shot(frame.pts * time_base - self._zero_s, frame)

    def _frames(self) -> Iterator[av.VideoFrame]:
        """Decoded frames in order; a few broken packets are stepped over, many are an error."""
        broken = 0
        rest = packets(self._container, self._stream)
        while True:
            try:
                packet = next(rest)
                yield from self._codec.decode(packet if packet.size else None)
            except (StopIteration, av.error.EOFError):
                return
            except av.error.FFmpegError as error:
                broken += 1
                if broken > MAX_BROKEN_PACKETS:
                    cause = f"the picture of {self._label} is broken: {reason(error)}"
                    raise JobFailed("decode_failed", cause) from None

    def _picture_stream(self) -> VideoStream:
        stream = best_picture(self._container)
        if stream is None or stream.codec_context is None:
            raise JobFailed("codec_unsupported", f"{self._label} has no picture that can be decoded")
        return stream

    def _open_codec(self, threads: int, alpha: bool) -> av.VideoCodecContext:
        codec = self._stream.codec_context
        name = _ALPHA_DECODERS.get(codec.name) if alpha else None
        if name is not None:
            with_alpha = av.CodecContext.create(name, "r")
            assert isinstance(with_alpha, av.VideoCodecContext)
            with_alpha.extradata = codec.extradata
            with_alpha.options = {"max_pixels": str(MAX_PIXELS)}
            codec = with_alpha
        codec.thread_type = "FRAME"
        codec.thread_count = threads
        return codec
