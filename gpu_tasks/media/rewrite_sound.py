"""The sound of a rewritten film: the source's own packets where the container takes them, else encoded again."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import av
from av.audio.stream import AudioStream
from av.container import OutputContainer

from gpu_tasks.ahead import Ahead
from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import open_media, packets, reason, time_zero
from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.audio_source import SAMPLE_RATE_HZ, best_audio
from gpu_tasks.media.encode_film import AudioTrack
from gpu_tasks.media.encode_frames import encoding_errors
from gpu_tasks.media.encode_settings import ContainerSettings
from gpu_tasks.media.mix import mix
from gpu_tasks.media.probe_duration import measured_duration
from gpu_tasks.timeline.sound import Sound
from gpu_tasks.timeline.sources import SourceInfo

_COPIED = {
    "mp4": frozenset({"aac", "mp3"}),
    "webm": frozenset({"opus", "vorbis"}),
    "mov": frozenset({"aac", "mp3", "alac", "pcm_s16le", "pcm_s24le"}),
}
"""What players expect in a container. Others fit too, and are heard in few places."""
_LABEL = "the source"
_DEPTH = 16


class SoundTrack(Protocol):
    """Sound that is written into a film along with its picture."""

    def until(self, time_s: Fraction | None) -> None:
        """Write what begins before that second, or all that is left."""
        ...

    def close(self) -> None:
        """Free what reads the source."""
        ...


def sound_track(
    container: OutputContainer, source: Path, info: SourceInfo, settings: ContainerSettings, name: str
) -> SoundTrack | None:
    """Add the best sound of a source to a film that is not yet begun; None where there is none. Raises JobFailed."""
    if not info.has_audio:
        return None
    if info.audio_codec in _COPIED[settings.muxer]:
        return _Copied(container, source, name)
    return _Encoded(container, source, settings, name)


class _Copied:
    """The packets as they are, moved by as much as the picture."""

    def __init__(self, container: OutputContainer, source: Path, name: str) -> None:
        self._container, self._name = container, name
        self._source = open_media(source)
        stream = best_audio(self._source)
        assert stream is not None
        self._zero_s = time_zero(self._source)
        with encoding_errors(name):
            self._stream = container.add_stream_from_template(stream)
        self._packets = self._placed(stream)
        self._next = next(self._packets, None)

    def until(self, time_s: Fraction | None) -> None:
        while self._next is not None and (time_s is None or _starts_s(self._next) < time_s):
            with encoding_errors(self._name):
                self._container.mux(self._next)
            self._next = next(self._packets, None)

    def close(self) -> None:
        self._source.close()

    def _placed(self, stream: AudioStream) -> Iterator["av.Packet[AudioStream]"]:
        """Packets counted from the source's second 0. Decoding times rise, as a container demands."""
        shift = round(self._zero_s / (stream.time_base or Fraction(1, SAMPLE_RATE_HZ)))
        last: int | None = None
        for packet in _read(packets(self._source, stream)):
            if not packet.size or packet.pts is None:
                continue
            packet.pts = packet.pts - shift if last is None else max(packet.pts - shift, last + 1)
            packet.dts = last = packet.pts
            packet.stream = self._stream
            yield packet


class _Encoded:
    """Stereo at 48 kHz in the container's own codec, mixed a bounded number of blocks ahead."""

    def __init__(self, container: OutputContainer, source: Path, settings: ContainerSettings, name: str) -> None:
        self._name = name
        sound = _whole(source)
        with encoding_errors(name):
            self._track = AudioTrack(container, settings.audio)
        self._blocks: Ahead[Samples] = Ahead("sound", lambda: mix([sound], {_LABEL: source}, sound.stop_s), _DEPTH)
        self._written = 0
        self._is_finished = False

    def until(self, time_s: Fraction | None) -> None:
        while not self._is_finished and (time_s is None or self._written < time_s * SAMPLE_RATE_HZ):
            self._write(next(self._blocks, None))

    def close(self) -> None:
        self._blocks.stop()

    def _write(self, block: Samples | None) -> None:
        with encoding_errors(self._name):
            if block is None:
                self._track.finish()
                self._is_finished = True
            else:
                self._track.write(block)
                self._written += len(block)


def _whole(source: Path) -> Sound:
    """The sound of a source from its second 0 to its end, as it is."""
    with open_media(source) as container:
        stream = best_audio(container)
        assert stream is not None
        duration_s = max(measured_duration(container, stream), Fraction(1, SAMPLE_RATE_HZ))
    return Sound(_LABEL, Fraction(0), duration_s, Fraction(0), Fraction(1), 1.0)


def _read(read: Iterator["av.Packet[AudioStream]"]) -> Iterator["av.Packet[AudioStream]"]:
    try:
        yield from read
    except (av.error.FFmpegError, OSError) as error:
        raise JobFailed("decode_failed", f"the sound of {_LABEL} cannot be read: {reason(error)}") from None


def _starts_s(packet: "av.Packet[AudioStream]") -> Fraction:
    return (packet.pts or 0) * (packet.time_base or Fraction(1, SAMPLE_RATE_HZ))
