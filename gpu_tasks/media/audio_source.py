"""The sound of one file as an endless stereo signal on the 48 kHz grid, read forwards from any second."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import open_media, packets, reason, time_zero
from gpu_tasks.media.audio_channels import Samples, to_stereo

SAMPLE_RATE_HZ = 48_000
# Overlapping frames are only right some way behind a seek: Opus asks for 80 ms, the reservoir of mp3 for 9 frames.
_WARM_UP_S = Fraction(3, 10)
# Timestamps are rounded to a millisecond in Matroska and AVI; a lost AAC frame leaves 21 ms.
_JITTER_SAMPLES = SAMPLE_RATE_HZ * 15 // 1000
_TOLERATED_PACKETS = 3
_UNINDEXED = ("mp3", "aac")


def best_audio(container: InputContainer) -> AudioStream | None:
    """The stream that a player would choose, the same for the probe and the mixer."""
    stream = container.streams.best("audio")
    return stream if isinstance(stream, AudioStream) else None


class AudioReader:
    """Reads stereo float32 at 48 kHz from source second `start_s` on; silence before, between and behind the sound.

    Timestamps place every frame, so gaps stay gaps and sound keeps step with the picture. `label` names the source in
    errors. Raises JobFailed, on opening and while reading.
    """

    def __init__(self, path: Path, start_s: Fraction, label: str) -> None:
        self._label = label
        self._container = open_media(path)
        stream = best_audio(self._container)
        if stream is None or stream.codec_context is None:
            self.close()
            raise JobFailed("codec_unsupported", f"{label} has no sound that can be decoded")
        self._stream = stream
        stream.codec_context.thread_count = 1
        self._zero_s = time_zero(self._container)
        self._position = round(start_s * SAMPLE_RATE_HZ)
        self._pieces = self._placed(self._first_needed(start_s))
        self._piece: tuple[int, Samples] | None = None

    def close(self) -> None:
        self._container.close()

    def read(self, count: int) -> Samples:
        """The next `count` samples, count×2."""
        block = np.zeros((count, 2), dtype=np.float32)
        end = self._position + count
        while (piece := self._current()) is not None and piece[0] < end:
            start, samples = piece
            first, last = max(start, self._position), min(start + len(samples), end)
            block[first - self._position : last - self._position] = samples[first - start : last - start]
            if start + len(samples) > end:
                break
            self._piece = None
        self._position = end
        return block

    def is_over(self) -> bool:
        """Whether only silence would follow. Decodes up to the next sound to learn that."""
        return self._current() is None

    def _current(self) -> tuple[int, Samples] | None:
        """The piece at or behind the read position; None at the end of the sound."""
        while self._piece is None or self._piece[0] + len(self._piece[1]) <= self._position:
            self._piece = next(self._pieces, None)
            if self._piece is None:
                return None
        return self._piece

    def _first_needed(self, start_s: Fraction) -> Fraction:
        """Go near the wanted second; returns the timestamp in seconds from which packets are worth decoding."""
        wanted_s = self._zero_s + start_s - _WARM_UP_S
        if wanted_s <= self._zero_s:
            return Fraction(-1)
        if self._container.format.name not in _UNINDEXED:
            self._seek(wanted_s if self._lands_before(wanted_s) else Fraction(0))
        return wanted_s

    def _lands_before(self, wanted_s: Fraction) -> bool:
        """Whether a seek finds a packet at or before the wanted timestamp: not every index can be trusted."""
        self._seek(wanted_s)
        first = next((p.pts * p.time_base for p in self._packets() if p.pts is not None and p.time_base), None)
        return first is not None and first <= wanted_s + _WARM_UP_S

    def _seek(self, to_s: Fraction) -> None:
        base = self._stream.time_base or Fraction(1, av.time_base)
        try:
            self._container.seek(int(to_s / base), stream=self._stream)
        except (av.error.FFmpegError, OSError):
            self._rewind()

    def _rewind(self) -> None:
        try:
            self._container.seek(0)
        except (av.error.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _placed(self, needed_s: Fraction) -> Iterator[tuple[int, Samples]]:
        """Pieces of sound with their grid positions relative to the source's second 0, in order, without overlap."""
        run: _Run | None = None
        for frame in self._frames(needed_s):
            start_s = None if frame.pts is None or frame.time_base is None else frame.pts * frame.time_base
            if run is not None and not run.continues(frame, start_s):
                yield from run.finish()
                run = None
            if run is None:
                run = _Run(frame, (start_s if start_s is not None else self._zero_s) - self._zero_s, self._zero_s)
            yield from run.add(frame)
        if run is not None:
            yield from run.finish()

    def _frames(self, needed_s: Fraction) -> Iterator[av.AudioFrame]:
        """Decoded frames. A few damaged packets in a row are passed over; more end the job."""
        broken = 0
        for packet in self._packets():
            if packet.pts is not None and packet.time_base and packet.pts * packet.time_base < needed_s:
                continue
            try:
                frames = self._stream.codec_context.decode(packet)
                broken = 0
            except (av.error.InvalidDataError, av.error.EOFError) as error:
                broken += 1
                if broken > _TOLERATED_PACKETS:
                    raise self._failed(error) from None
                continue
            except (av.error.FFmpegError, MemoryError, ValueError) as error:
                raise self._failed(error) from None
            yield from frames

    def _packets(self) -> Iterator["av.Packet[AudioStream]"]:
        try:
            yield from packets(self._container, self._stream)
        except (av.error.FFmpegError, OSError) as error:
            raise self._failed(error) from None

    def _failed(self, error: Exception) -> JobFailed:
        return JobFailed("decode_failed", f"the sound of {self._label} cannot be decoded: {reason(error)}")


class _Run:
    """An unbroken stretch of frames of one sample rate, put on the grid by the first one's timestamp."""

    def __init__(self, frame: av.AudioFrame, start_s: Fraction, zero_s: Fraction) -> None:
        self._rate_hz = frame.sample_rate
        self._start_s = start_s
        self._zero_s = zero_s
        self._taken = 0
        self._given = round(start_s * SAMPLE_RATE_HZ)
        self._resampler = None if self._rate_hz == SAMPLE_RATE_HZ else AudioResampler("flt", "stereo", SAMPLE_RATE_HZ)

    def continues(self, frame: av.AudioFrame, start_s: Fraction | None) -> bool:
        """Whether a frame follows on what was added so far, up to the rounding of timestamps."""
        if frame.sample_rate != self._rate_hz:
            return False
        if start_s is None:
            return True
        expected_s = self._start_s + Fraction(self._taken, self._rate_hz)
        return abs(start_s - self._zero_s - expected_s) * SAMPLE_RATE_HZ <= _JITTER_SAMPLES

    def add(self, frame: av.AudioFrame) -> Iterator[tuple[int, Samples]]:
        samples = to_stereo(frame)
        self._taken += len(samples)
        if self._resampler is None:
            yield self._place(samples)
            return
        packed = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="stereo")
        packed.sample_rate = self._rate_hz
        for converted in self._resampler.resample(packed):
            yield self._place(_packed_stereo(converted))

    def finish(self) -> Iterator[tuple[int, Samples]]:
        """What the resampler still holds."""
        if self._resampler is not None:
            for converted in self._resampler.resample(None):
                yield self._place(_packed_stereo(converted))

    def _place(self, samples: Samples) -> tuple[int, Samples]:
        start, self._given = self._given, self._given + len(samples)
        return start, samples


def _packed_stereo(frame: av.AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray(), dtype=np.float32).reshape(-1, 2)
