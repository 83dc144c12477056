"""Films with sound: mp4, webm and mov."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream
from numpy.typing import NDArray

from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.encode_frames import BT709, LIMITED, Converter, EvenPadder, encoding_errors, tag
from gpu_tasks.media.encode_repeats import track_of
from gpu_tasks.media.encode_settings import (
    CONTAINERS,
    SAMPLE_RATE_HZ,
    AudioSettings,
    FilmSpec,
    VideoSettings,
    video_settings,
)


class MuxedFilm:
    """Encodes frames and sound as they come and interleaves them; holds about what x264 looks ahead."""

    def __init__(self, path: Path, spec: FilmSpec) -> None:
        self._name = f"{spec.output_format} film"
        settings, container = video_settings(spec), CONTAINERS[spec.output_format]
        self._padder = EvenPadder(spec.width, spec.height) if spec.output_format == "mp4" else None
        self.width = self._padder.width if self._padder else spec.width
        self.height = self._padder.height if self._padder else spec.height
        self._converter = Converter(settings.pixel_format) if settings.pixel_format != spec.pixel_format else None
        with encoding_errors(self._name):
            self._container: OutputContainer = av.open(
                str(path.absolute()), "w", format=container.muxer, container_options=container.options
            )
            self._track = track_of(self._add_video(spec, settings))
            self._audio = AudioTrack(self._container, container.audio) if spec.has_audio else None

    def _add_video(self, spec: FilmSpec, settings: VideoSettings) -> VideoStream:
        stream = cast(VideoStream, self._container.add_stream(settings.codec, rate=spec.rate, options=settings.options))
        stream.width, stream.height = self.width, self.height
        stream.pix_fmt = settings.pixel_format
        stream.time_base = 1 / spec.rate
        context = stream.codec_context
        context.time_base = 1 / spec.rate
        context.thread_count = spec.threads or 0
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED
        return stream

    def write_frame(self, frame: av.VideoFrame, index: int, count: int) -> None:
        tag(frame)
        ready = self._padder.pad(frame) if self._padder else frame
        ready = self._converter.convert(ready) if self._converter else ready
        if ready is not frame:
            tag(ready)
        with encoding_errors(self._name):
            self._container.mux(self._track.encode(ready, index, count))

    def write_audio(self, block: Samples) -> None:
        if self._audio is None:
            raise ValueError("this film was opened without sound")
        with encoding_errors(self._name):
            self._audio.write(block)

    def close(self) -> None:
        with encoding_errors(self._name):
            self._container.mux(self._track.finish())
            if self._audio is not None:
                self._audio.finish()
            self._container.close()

    def abort(self) -> None:
        with encoding_errors(self._name):
            self._container.close()


class AudioTrack:
    """Cuts sound into the encoder's frames; holds less than one of them."""

    def __init__(self, container: OutputContainer, settings: AudioSettings) -> None:
        self._container = container
        self._settings = settings
        self._stream = cast(AudioStream, container.add_stream(settings.codec, rate=SAMPLE_RATE_HZ, layout="stereo"))
        self._stream.codec_context.format = settings.sample_format
        if settings.bit_rate_bps:
            self._stream.codec_context.bit_rate = settings.bit_rate_bps
        self._rest: Samples = np.zeros((0, 2), dtype=np.float32)
        self._written = 0

    def write(self, block: Samples) -> None:
        for samples in self._whole_frames(block):
            self._encode(samples)

    def finish(self) -> None:
        if len(self._rest):
            self._encode(self._rest)
        self._container.mux(self._stream.encode(None))

    def _whole_frames(self, block: Samples) -> Iterator[Samples]:
        size = self._settings.frame_samples
        joined = np.concatenate([self._rest, block])
        whole = len(joined) // size * size
        self._rest = joined[whole:]
        for start in range(0, whole, size):
            yield joined[start : start + size]

    def _encode(self, samples: Samples) -> None:
        frame = av.AudioFrame.from_ndarray(
            _as_stored(samples, self._settings.sample_format), format=self._settings.sample_format, layout="stereo"
        )
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.pts, frame.time_base = self._written, Fraction(1, SAMPLE_RATE_HZ)
        self._written += len(samples)
        self._container.mux(self._stream.encode(frame))


def _as_stored(samples: Samples, sample_format: str) -> Samples | NDArray[np.int16]:
    """n×2 within ±1 as libav lays it out: planes, or one packed row; 16 bits rounded."""
    if sample_format == "fltp":
        return np.ascontiguousarray(samples.T)
    if sample_format == "s16":
        stored: NDArray[np.int16] = np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16).reshape(1, -1)
        return stored
    return np.ascontiguousarray(samples).reshape(1, -1)
