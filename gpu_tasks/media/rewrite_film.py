"""The file that a rewritten film goes into: frames at any times, and the sound beside them."""

import contextlib
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
from av.codec.context import Flags
from av.container import OutputContainer
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from gpu_tasks.devices import h264_encoder
from gpu_tasks.media.encode_frames import encoding_errors
from gpu_tasks.media.encode_settings import (
    CONTAINERS,
    FilmSpec,
    H264Encoder,
    OutputFormat,
    VideoSettings,
    video_settings,
)
from gpu_tasks.media.rewrite_planes import EXACT, Colours, Plane, PlaneMaker, Planes, frame_of
from gpu_tasks.media.rewrite_sound import SoundTrack, sound_track
from gpu_tasks.media.rewrite_source import Shown
from gpu_tasks.media.rewrite_times import Grid
from gpu_tasks.models.step import Frame
from gpu_tasks.timeline.sources import SourceInfo

# Near the source: the result is often edited, and encoded, again.
_CRF = {"mp4": 17, "webm": 20, "mov": None}
_USUAL_RATE = Fraction(30)
_BITS = 8
_NVENC_SIZES_PX = range(160, 4097)


class FilmFile:
    """Writes one film; use it as a context manager, which frees everything. The first frame decides on its form.

    `width` and `height` are the file's, known once a frame is written. Raises JobFailed `encode_failed`, and what
    reading the source's sound raises.
    """

    def __init__(self, path: Path, source: Path, info: SourceInfo, grid: Grid) -> None:
        self.width = self.height = 0
        self.warnings: tuple[str, ...] = ()
        self._path, self._source, self._info, self._grid = path, source, info, grid
        self._name = f"{path.suffix[1:]} film"
        self._form: _Form | None = None
        self._track: _Track | None = None
        self._container: OutputContainer | None = None
        self._sound: SoundTrack | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._sound is not None:
            self._sound.close()
        if self._container is not None:
            with contextlib.suppress(av.error.FFmpegError, OSError):
                self._container.close()

    def write(self, shown: Shown, frame: Frame) -> None:
        """Store a frame that a step made of `shown`. Times must rise."""
        form, track = self._opened(shown, frame)
        if self._sound is not None:
            self._sound.until(frame.time_s)
        with encoding_errors(self._name):
            track.add(form.stored(shown, frame), self._grid.ticks(frame.time_s))

    def finish(self) -> None:
        """Write what is left, and the file's index."""
        if self._track is None or self._container is None:
            return
        if self._sound is not None:
            self._sound.until(None)
        with encoding_errors(self._name):
            self._track.finish(self._grid.ticks(self._info.duration_s or Fraction(0)))
            self._container.close()

    def _opened(self, shown: Shown, frame: Frame) -> "tuple[_Form, _Track]":
        if self._form is None or self._track is None:
            self._form = _Form.of(self._path, self._info, shown, frame)
            self.width, self.height = self._form.size
            if shown.bits > _BITS:
                self.warnings = (f"REDUCED_DEPTH: the source has {shown.bits} bits a sample; {_BITS} are processed",)
            self._track = self._open(self._form)
        return self._form, self._track

    def _open(self, form: "_Form") -> "_Track":
        settings = CONTAINERS[form.format]
        with encoding_errors(self._name):
            path = str(self._path.absolute())
            self._container = av.open(path, "w", format=settings.muxer, container_options=settings.options)
            track = _Track(self._container, form, self._info.frame_rate or _USUAL_RATE, self._grid)
        self._sound = sound_track(self._container, self._source, self._info, settings, self._name)
        return track


class _Form:
    """How frames are stored: size, pixel format, colours, with alpha or without."""

    def __init__(self, film_format: OutputFormat, size: tuple[int, int], colours: Colours, *, alpha: bool) -> None:
        self.format, self.size, self.colours, self.alpha = film_format, size, colours, alpha
        self.settings = _settings(film_format, size, alpha=alpha)
        self._maker = PlaneMaker(colours, subsampled=film_format != "mov")
        self._deeper = VideoReformatter()

    @classmethod
    def of(cls, path: Path, info: SourceInfo, shown: Shown, frame: Frame) -> Self:
        film_format = cast(OutputFormat, path.suffix[1:])
        if frame.alpha is not None and film_format == "mp4":
            raise ValueError("an mp4 holds no alpha; webm and mov do")
        height, width = frame.rgb.shape[:2]
        grows = film_format == "mp4" or (width, height) != (info.width, info.height)
        size = (width + width % 2, height + height % 2) if grows else (width, height)
        return cls(film_format, size, shown.colours, alpha=frame.alpha is not None)

    def stored(self, shown: Shown, frame: Frame) -> av.VideoFrame:
        """The frame as its encoder takes it."""
        planes: tuple[Plane, ...] = self._planes(shown, frame)
        if self.alpha:
            opaque = np.full(frame.rgb.shape[:2], 255, np.uint8)
            planes = (*planes, opaque if frame.alpha is None else frame.alpha)
        elif frame.alpha is not None:
            raise RuntimeError("the step's first frame had no alpha, a later one has")
        return self._deep(frame_of(planes, self.size, self.colours))

    def _planes(self, shown: Shown, frame: Frame) -> Planes:
        if frame.changed is None or frame.rgb.shape != shown.frame.rgb.shape:
            return self._maker.planes(frame.rgb)
        return self._maker.patched(shown.planes, frame.rgb, frame.changed) if frame.changed else shown.planes

    def _deep(self, frame: av.VideoFrame) -> av.VideoFrame:
        """ProRes takes 10 bits."""
        if frame.format.name == self.settings.pixel_format:
            return frame
        matrix, colour_range = self.colours.matrix, self.colours.colour_range
        deep = self._deeper.reformat(
            frame,
            format=self.settings.pixel_format,
            src_colorspace=matrix,
            dst_colorspace=matrix,
            src_color_range=colour_range,
            dst_color_range=colour_range,
            interpolation=EXACT,
        )
        self.colours.tag(deep)
        return deep


def _settings(film_format: OutputFormat, size: tuple[int, int], *, alpha: bool) -> VideoSettings:
    fits_card = all(side in _NVENC_SIZES_PX for side in size)
    encoder: H264Encoder = h264_encoder() if film_format == "mp4" and fits_card else "libx264"
    crf = _CRF[film_format]
    return video_settings(FilmSpec(film_format, *size, _USUAL_RATE, alpha=alpha, crf=crf, h264_encoder=encoder))


class _Track:
    """The picture's track. Holds one frame back: how long it is shown follows from the next one."""

    def __init__(self, container: OutputContainer, form: _Form, rate: Fraction, grid: Grid) -> None:
        self._container = container
        settings = form.settings
        stream = cast(VideoStream, container.add_stream(settings.codec, rate=rate, options=settings.options))
        stream.width, stream.height = form.size
        stream.pix_fmt = settings.pixel_format
        context = stream.codec_context
        context.flags |= Flags.frame_duration
        context.time_base = stream.time_base = grid.tick_s
        context.colorspace, context.color_range = form.colours.matrix, form.colours.colour_range
        context.color_primaries, context.color_trc = form.colours.primaries, form.colours.transfer
        self._stream = stream
        self._tick_s = grid.tick_s
        self._usual_ticks = max(1, round(1 / rate / grid.tick_s))
        self._held: av.VideoFrame | None = None

    def add(self, frame: av.VideoFrame, tick: int) -> None:
        """Encode the frame before this one, which is shown from `tick` on, or right after the one before."""
        tick = max(tick, 0)
        if self._held is not None and self._held.pts is not None:
            tick = max(tick, self._held.pts + 1)
            self._encode_held(tick - self._held.pts)
        frame.pts, frame.time_base = tick, self._tick_s
        self._held = frame

    def finish(self, end_tick: int) -> None:
        """Encode the last frame, shown until `end_tick`, and what the encoder holds."""
        if self._held is not None and self._held.pts is not None:
            left = end_tick - self._held.pts
            self._encode_held(left if left > 0 else self._usual_ticks)
        self._container.mux(self._stream.encode(None))

    def _encode_held(self, duration_ticks: int) -> None:
        assert self._held is not None
        self._held.duration = duration_ticks
        self._container.mux(self._stream.encode(self._held))
        self._held = None
