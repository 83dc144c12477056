"""Video tracks: frames in, packets out. One that x264 makes leaves repeating pictures to the `Repeater`.

A still that is shown for long is encoded a few times over, so that x264 sees how much is built on it and gives it its
bits; then come repeating pictures, which cost nothing, and then a new group of pictures.
"""

from collections.abc import Iterator
from typing import Protocol, TypeAlias, cast

import av
from av.codec.context import Flags
from av.video.frame import PictureType
from av.video.stream import VideoStream

from gpu_tasks.media.h264_bits import Unsupported
from gpu_tasks.media.h264_repeat import Repeater

Packet: TypeAlias = "av.Packet[VideoStream]"

LEAD_FRAMES = 11
"""As far as x264's `veryfast` looks ahead, and the picture itself: more copies change neither its quality nor its size
(measured: docs/decisions/0007)."""
FEWEST_FRAMES = 2 * LEAD_FRAMES


class Track(Protocol):
    """Encodes frames of one stream, in order."""

    def encode(self, frame: av.VideoFrame, index: int, count: int) -> list[Packet]: ...
    def finish(self) -> list[Packet]: ...


def track_of(stream: VideoStream) -> Track:
    """The best track for a stream whose encoder is set up, but not open yet."""
    context = stream.codec_context
    if context.name != "libx264":
        return PlainTrack(stream)
    context.flags |= Flags.global_header
    context.open()
    try:
        return RepeatingTrack(stream, Repeater(bytes(context.extradata or b"")))
    except Unsupported:
        return PlainTrack(stream)


class PlainTrack:
    """Every frame goes through the encoder."""

    def __init__(self, stream: VideoStream) -> None:
        self._stream = stream

    def encode(self, frame: av.VideoFrame, index: int, count: int) -> list[Packet]:
        packets: list[Packet] = []
        for number in range(index, index + count):
            frame.pts, frame.time_base = number, self._stream.codec_context.time_base
            packets += self._stream.encode(frame)
        return packets

    def finish(self) -> list[Packet]:
        return list(self._stream.encode(None))


class RepeatingTrack:
    """The encoder is given its frames without a gap; what it leaves out is put between its packets.

    Packets are numbered here in coding order: their decoding times follow from it, as every group of pictures is
    closed and the encoder's delay is constant.
    """

    def __init__(self, stream: VideoStream, repeater: Repeater) -> None:
        self._stream = stream
        self._repeater = repeater
        self._shown_at: dict[int, int] = {}
        self._repeats_before: dict[int, range] = {}
        self._given = 0
        self._coded = 0
        self._delay = 0
        self._starts_group = False
        self._pending = range(0)

    def encode(self, frame: av.VideoFrame, index: int, count: int) -> list[Packet]:
        is_still = count >= FEWEST_FRAMES
        packets: list[Packet] = []
        for number in range(index, index + (LEAD_FRAMES if is_still else count)):
            if is_still:
                frame.pict_type = PictureType.I if number == index else PictureType.P
            elif self._starts_group:
                frame.pict_type = PictureType.I
            packets += self._give(frame, number)
            frame.pict_type = PictureType.NONE
            self._starts_group = False
        if is_still:
            self._pending = range(index + LEAD_FRAMES, index + count)
            self._starts_group = True
        return packets

    def finish(self) -> list[Packet]:
        packets = list(self._timed(self._stream.encode(None)))
        return [*packets, *self._repeats(self._pending)]

    def _give(self, frame: av.VideoFrame, number: int) -> list[Packet]:
        frame.pts, frame.time_base = self._given, self._stream.codec_context.time_base
        self._shown_at[self._given] = number
        if self._pending:
            self._repeats_before[self._given] = self._pending
            self._pending = range(0)
        self._given += 1
        return list(self._timed(self._stream.encode(frame)))

    def _timed(self, packets: list[Packet]) -> Iterator[Packet]:
        """The encoder's packets at their true times, and before each what repeats the picture before it."""
        for packet in packets:
            assert packet.pts is not None
            assert packet.dts is not None
            if self._coded == 0:
                self._delay = -packet.dts
            yield from self._repeats(self._repeats_before.pop(packet.pts, range(0)))
            packet.pts = self._shown_at.pop(packet.pts)
            packet.dts = self._next_dts()
            yield packet

    def _repeats(self, frames: range) -> Iterator[Packet]:
        for place, number in enumerate(frames):
            packet = cast("Packet", av.Packet(self._repeater.picture(LEAD_FRAMES + place)))
            packet.stream = self._stream
            packet.time_base = self._stream.codec_context.time_base
            packet.pts, packet.dts, packet.duration = number, self._next_dts(), 1
            yield packet

    def _next_dts(self) -> int:
        self._coded += 1
        return self._coded - 1 - self._delay
