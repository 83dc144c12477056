"""The shape of a sound: how far it swings to either side, and how strong it is, from its beginning to its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from time import monotonic
from typing import Final

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import open_media, packets, reason, time_zero
from gpu_tasks.media.audio_channels import Samples, to_stereo
from gpu_tasks.media.audio_source import SAMPLE_RATE_HZ, AudioReader, best_audio
from gpu_tasks.previews.pictures import Pixels
from gpu_tasks.timeline.sources import SourceInfo

COLUMNS, HEIGHT_PX = 800, 160
COLOUR: Final = (96, 120, 216)
"""A blue that stands out from white and from black alike: contrast 4.0:1 and 5.2:1 (WCAG 2.2, 1.4.11 asks for 3:1)."""
PEAK_ALPHA = 0.5
GREATEST_GAIN = 8.0
"""18 dB: quiet sound is drawn larger, and silence stays a line."""

WHOLE_UP_TO_S = 600
"""Longer sound is not decoded as a whole: each column shows a short piece from its middle."""
PIECE_S = Fraction(1, 4)
_WARM_UP_S = Fraction(3, 10)
_MOST_PACKETS = 2000
_SEEKING_S = 30.0


@dataclass(frozen=True, slots=True)
class Levels:
    """Lowest and highest sample and root mean square of each column, full scale ±1."""

    low: NDArray[np.float32]
    high: NDArray[np.float32]
    rms: NDArray[np.float32]


def levels(path: Path, info: SourceInfo) -> Levels:
    """The levels of a file's sound in 800 equal parts of its length. Raises JobFailed."""
    duration_s = info.duration_s or Fraction(0)
    pieces = _whole(path, duration_s) if duration_s <= WHOLE_UP_TO_S else _sampled(path, duration_s)
    measured = np.array([_measured(piece) for piece in pieces], dtype=np.float32)
    # Sound of fewer samples than columns: some columns show the same one.
    columns = measured[np.arange(COLUMNS) * len(measured) // COLUMNS]
    return Levels(columns[:, 0], columns[:, 1], columns[:, 2])


def _measured(piece: Samples) -> tuple[float, float, float]:
    if piece.size == 0:
        return 0.0, 0.0, 0.0
    return float(piece.min()), float(piece.max()), float(np.sqrt(np.mean(np.square(piece, dtype=np.float64))))


def _whole(path: Path, duration_s: Fraction) -> Iterator[Samples]:
    total = max(1, round(duration_s * SAMPLE_RATE_HZ))
    edges = [total * column // min(COLUMNS, total) for column in range(min(COLUMNS, total) + 1)]
    reader = AudioReader(path, Fraction(0), "the sound")
    try:
        for start, end in pairwise(edges):
            yield reader.read(end - start)
    finally:
        reader.close()


def _sampled(path: Path, duration_s: Fraction) -> Iterator[Samples]:
    """Raises JobFailed `timeout` where a file is so built that looking for the pieces takes too long."""
    give_up_at = monotonic() + _SEEKING_S
    with open_media(path) as container:
        stream = best_audio(container)
        if stream is None or stream.codec_context is None:
            raise JobFailed("codec_unsupported", "the file has no sound that can be decoded")
        zero_s = time_zero(container)
        for column in range(COLUMNS):
            if monotonic() > give_up_at:
                raise JobFailed("timeout", "the sound could not be looked through in time")
            middle_s = duration_s * (2 * column + 1) / (2 * COLUMNS)
            yield _piece(container, stream, zero_s + max(Fraction(0), middle_s - PIECE_S / 2))


def _piece(container: InputContainer, stream: AudioStream, start_s: Fraction) -> Samples:
    """What is heard for a quarter of a second from a time stamp on, at the sound's own rate; empty for nothing."""
    try:
        container.seek(max(0, int((start_s - _WARM_UP_S) * av.time_base)))
        found = [*_heard(container, stream, start_s)]
    except (av.error.FFmpegError, OSError, MemoryError, ValueError) as error:
        raise JobFailed("decode_failed", f"the sound cannot be decoded: {reason(error)}") from None
    return np.concatenate(found) if found else np.zeros((0, 2), dtype=np.float32)


def _heard(container: InputContainer, stream: AudioStream, start_s: Fraction) -> Iterator[Samples]:
    for count, packet in enumerate(packets(container, stream)):
        if packet.pts is None or packet.time_base is None or count > _MOST_PACKETS:
            return
        at_s = packet.pts * packet.time_base
        if at_s > start_s + PIECE_S:
            return
        if at_s < start_s - _WARM_UP_S:
            continue
        try:
            frames = stream.codec_context.decode(packet)
        except av.error.InvalidDataError:
            # The first packets behind a seek may need what came before them.
            continue
        yield from (to_stereo(frame) for frame in frames if at_s >= start_s)


def draw(shape: Levels) -> Pixels:
    """H×W×4, straight alpha: the swing in a pale tone, the strength in a full one, both about the middle line."""
    loudest = max(float(shape.high.max()), -float(shape.low.min()), 1 / GREATEST_GAIN)
    reach = (HEIGHT_PX / 2 - 1) / loudest
    middle = HEIGHT_PX / 2
    swing = _covered(middle - shape.high * reach, middle - shape.low * reach)
    strength = _covered(middle - shape.rms * reach, middle + shape.rms * reach)
    alpha = PEAK_ALPHA * swing + (1 - PEAK_ALPHA) * strength
    picture = np.empty((HEIGHT_PX, COLUMNS, 4), dtype=np.uint8)
    picture[..., :3], picture[..., 3] = COLOUR, np.rint(255 * alpha)
    return picture


def _covered(top: NDArray[np.float32], bottom: NDArray[np.float32]) -> NDArray[np.float64]:
    """How much of each pixel lies between two lines, which are half a pixel apart from the middle at least."""
    middle = HEIGHT_PX / 2
    top, bottom = np.minimum(top, middle - 0.5), np.maximum(bottom, middle + 0.5)
    rows = np.arange(HEIGHT_PX)[:, None]
    covered: NDArray[np.float64] = np.clip(np.minimum(bottom, rows + 1) - np.maximum(top, rows), 0.0, 1.0)
    return covered
