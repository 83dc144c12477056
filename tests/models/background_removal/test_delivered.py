"""The files that come out hold what was found: their alpha, read back by FFmpeg, is the matte."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.matting.pictures import photograph
from gpu_tasks.media.probe import probe
from gpu_tasks.media.rewrite import rewrite
from gpu_tasks.models.background_removal.matte import PeopleMatter
from gpu_tasks.models.background_removal.task import RemoveBackground, build
from gpu_tasks.models.step import Alpha, Rgb

pytestmark = pytest.mark.slow

WIDTH, HEIGHT, FRAMES = 320, 240, 8
DECODERS = {".webm": "libvpx-vp9", ".mov": "prores"}


def pictures() -> Iterator[Rgb]:
    """A pan over the portrait."""
    for index in range(FRAMES):
        yield np.ascontiguousarray(
            photograph()[2 * index : 2 * index + HEIGHT, 60 + 4 * index : 60 + 4 * index + WIDTH]
        )


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "portrait.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", 25, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for rgb in pictures():
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def photo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("photo") / "portrait.jpg"
    cv2.imwrite(str(path), photograph()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    return path


def delivered(source: Path, folder: Path, options: dict[str, Any]) -> Path:
    info = probe(source)
    step = build(options, info)
    assert isinstance(step, RemoveBackground)
    output = folder / f"result{step.form(info)}"
    rewrite(source, info, output, step)
    return output


def decoded_with_alpha(path: Path) -> list[NDArray[np.uint8]]:
    """Every frame as RGBA, by FFmpeg's decoder that knows of alpha."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        decoder = av.CodecContext.create(DECODERS[path.suffix], "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.width, decoder.height = stream.codec_context.width, stream.codec_context.height
        decoder.codec_tag, decoder.extradata = stream.codec_context.codec_tag, stream.codec_context.extradata
        packets = [packet for packet in container.demux(stream) if packet.size]
        frames = [frame for packet in [*packets, None] for frame in decoder.decode(packet)]
    return [frame.to_ndarray(format="rgba") for frame in frames]


def mattes() -> list[Alpha]:
    with PeopleMatter() as matter:
        return [matter.cut(rgb).matte for rgb in pictures()]


@pytest.mark.parametrize(
    ("options", "suffix"), [({}, ".webm"), ({"format": "webm"}, ".webm"), ({"format": "mov"}, ".mov")]
)
def test_the_alpha_of_a_film_is_the_matte(film: Path, tmp_path: Path, options: dict[str, Any], suffix: str) -> None:
    path = delivered(film, tmp_path, options)
    assert path.suffix == suffix
    frames = decoded_with_alpha(path)
    assert len(frames) == FRAMES
    for found, matte, source in zip(frames, mattes(), pictures(), strict=True):
        assert np.abs(found[..., 3].astype(int) - matte).mean() < 3
        covered = cv2.erode(matte, np.ones((9, 9), np.uint8)) == 255
        assert np.abs(found[covered][:, :3].astype(int) - source[covered]).mean() < 8


@pytest.mark.parametrize(
    ("options", "suffix"),
    [({"output": "matte"}, ".mp4"), ({"output": "color"}, ".mp4"), ({"output": "blur"}, ".mp4")],
)
def test_films_without_alpha_are_mp4(film: Path, tmp_path: Path, options: dict[str, Any], suffix: str) -> None:
    path = delivered(film, tmp_path, options)
    info = probe(path)
    assert path.suffix == suffix
    assert (info.video_codec, info.width, info.height, info.has_alpha) == ("h264", WIDTH, HEIGHT, False)
    assert info.duration_s == pytest.approx(FRAMES / Fraction(25))


def test_a_matte_film_is_grey_and_shows_the_matte(film: Path, tmp_path: Path) -> None:
    with av.open(str(delivered(film, tmp_path, {"output": "matte"}))) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    for found, matte in zip(frames, mattes(), strict=True):
        assert np.abs(found.astype(int) - matte[..., None]).mean() < 4
        assert np.ptp(found.astype(int), axis=2).max() <= 3


def test_a_photograph_becomes_a_png_with_the_matte_as_alpha(photo: Path, tmp_path: Path) -> None:
    path = delivered(photo, tmp_path, {})
    assert path.suffix == ".png"
    found = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    given = cv2.imread(str(photo))[..., ::-1]
    with PeopleMatter() as matter:
        matte = matter.cut(np.ascontiguousarray(given)).matte
    assert found.shape == (512, 512, 4)
    assert np.abs(found[..., 3].astype(int) - matte).mean() < 0.5
    assert np.abs(found[matte == 255][:, 2::-1].astype(int) - given[matte == 255]).mean() < 1.5


@pytest.mark.parametrize("output", ["color", "blur"])
def test_a_photograph_over_something_stays_a_jpg(photo: Path, tmp_path: Path, output: str) -> None:
    path = delivered(photo, tmp_path, {"output": output, "background_color": "#00B140"})
    info = probe(path)
    assert (path.suffix, info.width, info.height) == (".jpg", 512, 512)
    corner = cv2.imread(str(path))[5:60, 430:500, ::-1].reshape(-1, 3)
    assert output == "blur" or np.abs(corner.astype(int) - (0, 177, 64)).max() <= 3


def test_a_cut_out_that_is_cut_again_keeps_its_own_alpha(
    photo: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    first = delivered(photo, tmp_path, {})
    again = delivered(first, tmp_path_factory.mktemp("again"), {"output": "alpha"})
    alphas = [cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[..., 3].astype(int) for path in (first, again)]
    assert (alphas[1] <= alphas[0]).all()
    assert alphas[1].sum() > 0.9 * alphas[0].sum()
