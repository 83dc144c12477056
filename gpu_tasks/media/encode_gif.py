"""Animated GIF with one palette made for the whole film."""

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.filter import Graph
from av.video.format import VideoFormat

from gpu_tasks.media.allow import open_media
from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.encode_frames import Converter, encoding_errors, tag
from gpu_tasks.media.encode_settings import FilmSpec

# Delays are whole hundredths of a second and browsers slow a delay of one down to ten.
MAX_RATE = 50
_BGRA = VideoFormat("bgra")
_LOSSLESS = {"preset": "ultrafast", "qp": "0"}


class GifFilm:
    """Keeps the frames in a lossless file beside the output while their colours are counted, then writes the GIF.

    Loops forever. Frames above 50 a second are dropped evenly.
    """

    def __init__(self, path: Path, spec: FilmSpec) -> None:
        self.width, self.height = spec.width, spec.height
        self._path = path
        self._frames_path = path.with_name(path.name + ".frames.mkv")
        self._source_rate = spec.rate
        self._rate = min(spec.rate, Fraction(MAX_RATE))
        self._kept = 0
        self._to_bgra = Converter("bgra")
        self._palette = _PaletteMaker(spec.width, spec.height)
        with encoding_errors("gif"):
            self._store = av.open(str(self._frames_path.absolute()), "w", format="matroska")
            self._video = self._store.add_stream("libx264", rate=self._rate, options=_LOSSLESS)
            self._video.width, self._video.height, self._video.pix_fmt = spec.width, spec.height, "yuv444p"

    def write_frame(self, frame: av.VideoFrame, index: int, count: int) -> None:
        for number in range(index, index + count):
            self._write_one(frame, number)

    def _write_one(self, frame: av.VideoFrame, index: int) -> None:
        if index * self._rate // self._source_rate < self._kept:
            return
        tag(frame)
        frame.pts, frame.time_base = self._kept, 1 / self._rate
        with encoding_errors("gif"):
            self._palette.count(self._to_bgra.convert(frame))
            self._store.mux(self._video.encode(frame))
        self._kept += 1

    def write_audio(self, block: Samples) -> None:
        raise ValueError("a gif has no sound")

    def close(self) -> None:
        try:
            with encoding_errors("gif"):
                self._store.mux(self._video.encode(None))
                self._store.close()
                self._write()
        finally:
            self._frames_path.unlink(missing_ok=True)

    def abort(self) -> None:
        try:
            with encoding_errors("gif"):
                self._store.close()
        finally:
            self._frames_path.unlink(missing_ok=True)

    def _write(self) -> None:
        painter = _Painter(self.width, self.height, self._rate, self._palette.finish())
        with av.open(str(self._path.absolute()), "w", format="gif") as output:
            stream = output.add_stream("gif", rate=self._rate)
            stream.width, stream.height, stream.pix_fmt = self.width, self.height, "pal8"
            for index, frame in enumerate(painter.paint(self._stored())):
                frame.pts, frame.time_base = index, 1 / self._rate
                output.mux(stream.encode(frame))
            output.mux(stream.encode(None))

    def _stored(self) -> Iterator[av.VideoFrame]:
        with open_media(self._frames_path) as container:
            for frame in container.decode(video=0):
                yield self._to_bgra.convert(frame)


class _PaletteMaker:
    """libavfilter's palettegen: counts colours frame by frame, gives 256 of them at the end."""

    def __init__(self, width: int, height: int) -> None:
        self._graph = Graph()
        source = self._graph.add_buffer(width=width, height=height, format=_BGRA, time_base=Fraction(1, 1000))
        maker = self._graph.add("palettegen", "stats_mode=full")
        sink = self._graph.add("buffersink")
        source.link_to(maker)
        maker.link_to(sink)
        self._graph.configure()
        self._counted = 0

    def count(self, frame: av.VideoFrame) -> None:
        frame.pts, frame.time_base = self._counted, Fraction(1, 1000)
        self._counted += 1
        self._graph.push(frame)

    def finish(self) -> av.VideoFrame:
        self._graph.push(None)
        palette = self._graph.pull()
        assert isinstance(palette, av.VideoFrame)
        return palette


class _Painter:
    """libavfilter's paletteuse: frames in true colour to frames of palette indices, with error diffusion."""

    def __init__(self, width: int, height: int, rate: Fraction, palette: av.VideoFrame) -> None:
        self._graph = Graph()
        self._time_base = 1 / rate
        self._frames = self._graph.add_buffer(width=width, height=height, format=_BGRA, time_base=self._time_base)
        self._colours = self._graph.add_buffer(
            width=palette.width, height=palette.height, format=_BGRA, time_base=self._time_base
        )
        user = self._graph.add("paletteuse", "dither=sierra2_4a:diff_mode=rectangle")
        self._sink = self._graph.add("buffersink")
        self._frames.link_to(user, 0, 0)
        self._colours.link_to(user, 0, 1)
        user.link_to(self._sink)
        self._graph.configure()
        palette.pts, palette.time_base = 0, self._time_base
        self._colours.push(palette)
        self._colours.push(None)

    def paint(self, frames: Iterator[av.VideoFrame]) -> Iterator[av.VideoFrame]:
        for index, frame in enumerate(frames):
            frame.pts, frame.time_base = index, self._time_base
            self._frames.push(frame)
            yield from self._painted()
        self._frames.push(None)
        yield from self._painted()

    def _painted(self) -> Iterator[av.VideoFrame]:
        with contextlib.suppress(av.error.BlockingIOError, av.error.EOFError):
            while True:
                frame = self._sink.pull()
                assert isinstance(frame, av.VideoFrame)
                yield frame
