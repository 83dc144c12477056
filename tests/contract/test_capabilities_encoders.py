"""The codecs that capabilities names are those of the encoders that the renderer uses."""

import av
import pytest

from apps.capabilities.engine import output_formats
from gpu_tasks.media.encode_settings import CONTAINERS, FilmSpec, OutputFormat, video_settings

FORMATS = {entry["type"]: entry for entry in output_formats()}


def codec_of(encoder: str) -> str:
    return av.Codec(encoder, "w").canonical_name


@pytest.mark.parametrize("name", ["mp4", "webm", "mov"])
@pytest.mark.parametrize("alpha", [False, True])
def test_video_codec_is_the_encoders(name: OutputFormat, alpha: bool) -> None:
    spec = FilmSpec(name, 64, 64, 30, alpha=alpha)
    assert FORMATS[name]["video_codec"] == codec_of(video_settings(spec).codec)


def test_audio_codec_is_the_containers() -> None:
    assert {name: codec_of(container.audio.codec) for name, container in CONTAINERS.items()} == {
        name: entry["audio_codec"] for name, entry in FORMATS.items() if entry["audio_codec"]
    }
