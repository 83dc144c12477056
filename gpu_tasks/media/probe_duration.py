"""How long a source really is: what its header declares, held against the packets at its end."""

from dataclasses import dataclass, field
from fractions import Fraction

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import packets, reason, time_zero
from gpu_tasks.media.limits import MAX_DURATION_S

# About four hours of sound, or of pictures at 30 fps; a longer scan would cost more than a wrong header does.
_MAX_PACKETS = 500_000
_BEFORE_END_S = 1
# Far above what is accepted, far below what overflows a timestamp.
_CREDIBLE_S = Fraction(10 * MAX_DURATION_S)
_UNINDEXED = ("mp3", "aac")


@dataclass(slots=True)
class _Ends:
    """The latest end per stream index, in seconds of the container's clock, and whether the file's end was reached."""

    by_stream: dict[int, Fraction] = field(default_factory=dict)
    complete: bool = False

    def see(self, packet: "av.Packet[VideoStream | AudioStream]") -> None:
        if packet.pts is None or packet.time_base is None or packet.stream is None:
            return
        end = (packet.pts + (packet.duration or 0)) * packet.time_base
        index = packet.stream.index
        self.by_stream[index] = max(end, self.by_stream.get(index, end))


def measured_duration(container: InputContainer, stream: VideoStream | AudioStream) -> Fraction:
    """Seconds from the source's second 0 to the end of `stream`.

    Packets around the declared end are read; where they contradict the header, or it declares nothing, all are. The
    container is left at its end. Raises JobFailed `decode_failed` where packets cannot be read, `invalid_source` where
    there are none.
    """
    zero_s = time_zero(container)
    declared_s = _declared(container, stream, zero_s)
    seen = _Ends()
    if declared_s is not None and declared_s < _CREDIBLE_S and container.format.name not in _UNINDEXED:
        seen = _scan(container, stream, max(zero_s + declared_s - _BEFORE_END_S, zero_s))
    if not seen.complete or stream.index not in seen.by_stream:
        seen = _scan(container, stream, None)
    measured_s = seen.by_stream.get(stream.index, zero_s) - zero_s
    if seen.complete:
        return measured_s
    return max(measured_s, min(declared_s or Fraction(0), _CREDIBLE_S))


def _declared(container: InputContainer, stream: VideoStream | AudioStream, zero_s: Fraction) -> Fraction | None:
    if stream.duration is not None and stream.time_base is not None and stream.duration > 0:
        return ((stream.start_time or 0) + stream.duration) * stream.time_base - zero_s
    if container.duration is not None and container.duration > 0:
        return Fraction(container.duration, av.time_base)
    return None


def _scan(container: InputContainer, stream: VideoStream | AudioStream, from_s: Fraction | None) -> _Ends:
    """Read packets of one stream from about `from_s`, or from the start, to the end or the packet limit."""
    ends = _Ends()
    try:
        container.seek(0 if from_s is None else int(from_s * av.time_base))
        for count, packet in enumerate(packets(container, stream)):
            if count >= _MAX_PACKETS:
                return ends
            ends.see(packet)
    except (av.error.FFmpegError, OSError) as error:
        if from_s is not None:
            return ends
        raise JobFailed("decode_failed", f"the source's packets cannot be read: {reason(error)}") from None
    ends.complete = True
    return ends


def is_cut_off(container: InputContainer, stream: VideoStream | AudioStream) -> bool:
    """Whether the index of a mov or mp4 places packets behind the end of the file."""
    if "mov" not in container.format.name or len(stream.index_entries) == 0:
        return False
    last = stream.index_entries[len(stream.index_entries) - 1]
    return last.pos + last.size > container.size
