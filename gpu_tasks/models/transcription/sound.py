"""The sound of a source as a small file for speech recognition: FLAC, mono, 16 kHz."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from pathlib import Path

import av
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.allow import open_media
from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.audio_source import SAMPLE_RATE_HZ, AudioReader, best_audio
from gpu_tasks.media.limits import MAX_DURATION_S

SPEECH_RATE_HZ = 16_000
"""What recognisers are trained on; speech has next to nothing above 8 kHz."""
BLOCK_SAMPLES = SAMPLE_RATE_HZ // 10


def extract_speech(source: Path, output: Path) -> Fraction:
    """Write the sound of a media file to `output` and return its duration in seconds.

    Second 0 is the source's second 0, so that times in the one are times in the other. About 50 MB for an hour.
    Raises JobFailed: `invalid_source` when there is no sound, `source_too_large` for more than a day of it, and what
    opening and decoding raise.
    """
    _require_sound(source)
    with (
        closing(AudioReader(source, Fraction(0), source.name)) as reader,
        av.open(str(output), "w", format="flac") as container,
    ):
        stream = container.add_stream("flac", rate=SPEECH_RATE_HZ, layout="mono")
        assert isinstance(stream, AudioStream)
        stream.codec_context.format = "s16"
        written = sum(_encode(container, stream, frame) for frame in _speech_frames(reader))
        container.mux(stream.encode(None))
    if written == 0:
        raise JobFailed("invalid_source", f"{source.name} has a sound track, but no sound in it to transcribe")
    return Fraction(written, SPEECH_RATE_HZ)


def _require_sound(source: Path) -> None:
    with open_media(source) as container:
        if best_audio(container) is None:
            raise JobFailed("invalid_source", f"{source.name} has no sound to transcribe")


def _encode(container: av.container.OutputContainer, stream: AudioStream, frame: av.AudioFrame) -> int:
    container.mux(stream.encode(frame))
    return frame.samples


def _speech_frames(reader: AudioReader) -> Iterator[av.AudioFrame]:
    resampler = AudioResampler("s16", "mono", SPEECH_RATE_HZ)
    for number, block in enumerate(_blocks(reader)):
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts = number * BLOCK_SAMPLES
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _blocks(reader: AudioReader) -> Iterator[Samples]:
    """The sound in tenths of a second; the last one is filled up with silence."""
    for _ in range(MAX_DURATION_S * SAMPLE_RATE_HZ // BLOCK_SAMPLES):
        if reader.is_over():
            return
        yield reader.read(BLOCK_SAMPLES)
    if not reader.is_over():
        raise JobFailed("source_too_large", f"the sound lasts longer than the {MAX_DURATION_S} s that are accepted")
