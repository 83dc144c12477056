"""Which codecs, pixel formats and options make each output format."""

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

OutputFormat = Literal["mp4", "webm", "mov", "gif", "png", "jpg"]
H264Encoder = Literal["libx264", "h264_nvenc"]
SAMPLE_RATE_HZ = 48_000
# The least number that counts 1/48000 s and the frames of 24, 25, 30, 50, 60 fps and their NTSC kin in whole ticks.
_MOVIE_TICKS_PER_S = 240_000


@dataclass(frozen=True, slots=True)
class FilmSpec:
    """What a film file is to be.

    `width` and `height` in pixels, odd ones too; `frame_rate` in frames per second, constant. `crf`, `preset` and
    `threads` replace the format's own (mp4: 23, `veryfast`, as many as x264 likes; webm: 31).
    """

    output_format: OutputFormat
    width: int
    height: int
    frame_rate: Fraction | int
    alpha: bool = False
    has_audio: bool = False
    frame_count: int = 0
    crf: int | None = None
    preset: str | None = None
    threads: int | None = None
    h264_encoder: H264Encoder = "libx264"

    @property
    def rate(self) -> Fraction:
        return Fraction(self.frame_rate)

    @property
    def pixel_format(self) -> str:
        """What frames must be handed over as, BT.709 limited range."""
        if self.output_format == "mp4":
            return "yuv420p"
        if self.output_format == "webm":
            return "yuva420p" if self.alpha else "yuv420p"
        return "yuva444p" if self.alpha and self.output_format == "mov" else "yuv444p"


@dataclass(frozen=True, slots=True)
class VideoSettings:
    """Encoder name, its pixel format, and its options."""

    codec: str
    pixel_format: str
    options: dict[str, str]


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """Encoder name, sample format and samples per frame; 0 bits per second for uncompressed sound."""

    codec: str
    sample_format: Literal["fltp", "flt", "s16"]
    frame_samples: int
    bit_rate_bps: int = 0


@dataclass(frozen=True, slots=True)
class ContainerSettings:
    """Muxer name, its options, and the sound that belongs into it."""

    muxer: str
    audio: AudioSettings
    options: dict[str, str] = field(default_factory=dict)


_ISO_OPTIONS = {"movflags": "+faststart", "movie_timescale": str(_MOVIE_TICKS_PER_S)}
CONTAINERS = {
    "mp4": ContainerSettings("mp4", AudioSettings("aac", "fltp", 1024, 128_000), _ISO_OPTIONS),
    "mov": ContainerSettings("mov", AudioSettings("pcm_s16le", "s16", 4800), _ISO_OPTIONS),
    "webm": ContainerSettings("webm", AudioSettings("libopus", "flt", 960, 128_000)),
}


def video_settings(spec: FilmSpec) -> VideoSettings:
    """The picture's encoder for mp4, webm and mov."""
    return _VIDEO[spec.output_format](spec)


def _h264(spec: FilmSpec) -> VideoSettings:
    quality = str(23 if spec.crf is None else spec.crf)
    if spec.h264_encoder == "h264_nvenc":
        options = {"preset": "p4", "profile": "high", "rc": "vbr", "cq": quality, "b": "0"}
    else:
        options = {"preset": spec.preset or "veryfast", "crf": quality, "profile": "high", "a53cc": "0"}
    return VideoSettings(spec.h264_encoder, "yuv420p", options)


def _vp9(spec: FilmSpec) -> VideoSettings:
    options = {
        "deadline": "good",
        "cpu-used": spec.preset or "4",
        "row-mt": "1",
        "tile-columns": "2",
        "crf": str(31 if spec.crf is None else spec.crf),
        "b": "0",
    }
    if spec.alpha:
        options["auto-alt-ref"] = "0"
    return VideoSettings("libvpx-vp9", spec.pixel_format, options)


def _prores(spec: FilmSpec) -> VideoSettings:
    if spec.alpha:
        return VideoSettings("prores_ks", "yuva444p10le", {"profile": "4444", "alpha_bits": "16", "vendor": "apl0"})
    return VideoSettings("prores_ks", "yuv422p10le", {"profile": "hq", "vendor": "apl0"})


_VIDEO = {"mp4": _h264, "webm": _vp9, "mov": _prores}
