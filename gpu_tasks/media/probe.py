"""Learn what a source file holds: `python -m gpu_tasks.media.probe FILE`.

Prints one line of JSON: the facts (SourceInfo), or `{"error": {"code", "message"}}` with exit status 1. Meant to run
as a bounded child process: it decodes the first pictures of files that nobody has checked yet.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.media.allow import best_picture, check_pixels, open_file, open_media, packets, reason
from gpu_tasks.media.audio_channels import to_stereo
from gpu_tasks.media.audio_source import best_audio
from gpu_tasks.media.cube import read_cube
from gpu_tasks.media.images import decode_still, has_alpha, image_header, to_rgba, upright_size
from gpu_tasks.media.probe_duration import is_cut_off, measured_duration
from gpu_tasks.media.sniff import MediaFormat
from gpu_tasks.timeline.sources import SourceInfo

_PIXEL_LIMIT = "exceeds specified max pixel count"
_FIRST_PACKETS = 200
_SANE_ASPECT = (Fraction(1, 10), Fraction(10))


def probe(path: Path) -> SourceInfo:
    """The facts about a media file, by its content and not by its name.

    A video's duration is that of its picture, an audio file's that of its sound. Raises JobFailed: `invalid_source`
    (empty, cut off, not media), `codec_unsupported`, `source_too_large` (pixels, streams, seconds, bytes),
    `decode_failed` (the header is fine, the data are not), `source_not_found`.
    """
    file, found = open_file(path)
    with file:
        size_bytes = file.seek(0, 2)
    if found.kind == "image":
        return _still(path, found, size_bytes)
    if found.kind == "font":
        return _font(path, found, size_bytes)
    if found.kind == "lut":
        read_cube(path)
        return SourceInfo("lut", found.name, found.content_type, size_bytes)
    with _pixel_limit_named(), open_media(path) as container:
        return _timed(container, found, size_bytes)


def _font(path: Path, found: MediaFormat, size_bytes: int) -> SourceInfo:
    # fontTools takes its time to load, and hardly any source is a font.
    from gpu_tasks.media.font_files import font_facts

    return SourceInfo("font", found.name, found.content_type, size_bytes, font_family=font_facts(path).family)


@contextlib.contextmanager
def _pixel_limit_named() -> Iterator[None]:
    """Say `source_too_large` where a decoder gave up on the size of its picture: only its log tells that."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.ERROR)
    try:
        with av.logging.Capture(local=False) as logs:
            yield
    except JobFailed as failure:
        if failure.code in ("decode_failed", "invalid_source") and any(_PIXEL_LIMIT in line[2] for line in logs):
            raise JobFailed(
                "source_too_large", f"the picture has more than the accepted {limits.MAX_PIXELS} pixels"
            ) from None
        raise
    finally:
        av.logging.set_level(level)


def _still(path: Path, found: MediaFormat, size_bytes: int) -> SourceInfo:
    header = image_header(path)
    frame = decode_still(path, header)
    width, height = upright_size(header, frame.width, frame.height)
    return SourceInfo(
        kind="image",
        format=found.name,
        content_type=found.content_type,
        size_bytes=size_bytes,
        width=width,
        height=height,
        has_alpha=has_alpha(frame) and bool(to_rgba(frame)[..., 3].min() < 255),
        video_codec=found.name,
    )


def _timed(container: InputContainer, found: MediaFormat, size_bytes: int) -> SourceInfo:
    picture, sound = best_picture(container), best_audio(container)
    if picture is None and sound is None:
        _refuse_unreadable(container)
        raise JobFailed("invalid_source", f"the {found.name} file holds neither picture nor sound")
    if any(is_cut_off(container, stream) for stream in (picture, sound) if stream is not None):
        raise JobFailed("invalid_source", f"the {found.name} file is cut off: its index points behind its end")
    if sound is not None:
        _check_sound(container, sound)
    facts = {} if picture is None else _picture_facts(container, picture)
    duration_s = measured_duration(container, picture or sound)  # type: ignore[arg-type]  # one of them is there
    _check_duration(duration_s)
    return SourceInfo(
        kind="audio" if picture is None else "video",
        format=found.name,
        content_type=(picture is None and found.audio_content_type) or found.content_type,
        size_bytes=size_bytes,
        has_video=picture is not None,
        has_audio=sound is not None,
        duration_s=duration_s,
        audio_codec="" if sound is None else sound.codec_context.codec.canonical_name,
        **facts,  # type: ignore[arg-type]  # the keys of _picture_facts
    )


def _refuse_unreadable(container: InputContainer) -> None:
    """Streams that FFmpeg lists but has no decoder for are missing from its choice of the best."""
    for stream in container.streams:
        if stream.type in ("video", "audio") and stream.codec_context is None:
            raise _unreadable(stream.type)


def _unreadable(what: str) -> JobFailed:
    return JobFailed("codec_unsupported", f"the {what} is stored in a codec that cannot be decoded")


def _check_duration(duration_s: Fraction) -> None:
    if duration_s > limits.MAX_DURATION_S:
        raise JobFailed(
            "source_too_large",
            f"the source lasts {float(duration_s):.0f} s; at most {limits.MAX_DURATION_S} s are accepted",
        )
    if duration_s <= 0:
        raise JobFailed("invalid_source", "the source has no duration")


def _picture_facts(container: InputContainer, stream: VideoStream) -> dict[str, object]:
    frame = _first_frame(container, stream)
    assert isinstance(frame, av.VideoFrame)
    check_pixels(frame.width, frame.height)
    rotation = -round(frame.rotation / 90) * 90 % 360
    width, height = round(frame.width * _pixel_aspect(stream)), frame.height
    if rotation in (90, 270):
        width, height = height, width
    return {
        "width": width,
        "height": height,
        "rotation": rotation,
        "has_alpha": has_alpha(frame) or stream.metadata.get("alpha_mode") == "1",
        "frame_rate": stream.average_rate or stream.guessed_rate,
        "video_codec": stream.codec_context.codec.canonical_name,
    }


def _pixel_aspect(stream: VideoStream) -> Fraction:
    aspect = stream.sample_aspect_ratio or Fraction(1)
    return aspect if _SANE_ASPECT[0] <= aspect <= _SANE_ASPECT[1] else Fraction(1)


def _check_sound(container: InputContainer, stream: AudioStream) -> None:
    frame = _first_frame(container, stream)
    assert isinstance(frame, av.AudioFrame)
    to_stereo(frame)


def _first_frame(container: InputContainer, stream: VideoStream | AudioStream) -> av.VideoFrame | av.AudioFrame:
    """Decode from the start until the first frame comes out. Raises JobFailed where none does."""
    if stream.codec_context is None:
        raise _unreadable(stream.type)
    last_error = "it holds no frames"
    try:
        container.seek(0)
        for count, packet in enumerate(packets(container, stream)):
            if count > _FIRST_PACKETS:
                break
            try:
                frames = stream.codec_context.decode(packet)
            except av.error.InvalidDataError as error:
                last_error = reason(error)
                continue
            if frames:
                return frames[0]
    except (av.error.PatchWelcomeError, av.error.DecoderNotFoundError):
        raise _unreadable(stream.type) from None
    except (av.error.FFmpegError, OSError, MemoryError, ValueError) as error:
        last_error = reason(error)
    raise JobFailed("decode_failed", f"the {stream.type} cannot be decoded: {last_error}")


def main(arguments: list[str]) -> int:
    """Probe one file and print what it is."""
    if len(arguments) != 1:
        print("usage: python -m gpu_tasks.media.probe FILE", file=sys.stderr)
        return 2
    try:
        print(json.dumps(probe(Path(arguments[0])).as_json()))
    except JobFailed as failure:
        print(json.dumps({"error": {"code": failure.code, "message": failure.message}}))
        return 1
    except MemoryError:
        print(json.dumps({"error": {"code": "source_too_large", "message": "the source needs too much memory"}}))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
