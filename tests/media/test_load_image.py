"""Stills arrive as straight RGBA, upright, in the right colours, or not at all."""

import struct
import zlib
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.images import load_image
from tests.media.make import make_image, quadrants, with_orientation

Pixels = NDArray[np.uint8]


def _with_alpha(pixels: Pixels) -> Pixels:
    ramp = np.linspace(0, 255, pixels.shape[1]).astype(np.uint8)
    return np.dstack([pixels, np.broadcast_to(ramp, pixels.shape[:2])])


def _difference(left: Pixels, right: Pixels) -> int:
    return int(np.abs(left.astype(int) - right.astype(int)).max())


@pytest.mark.parametrize("suffix", ["png", "webp", "tiff"])
def test_lossless_formats_keep_every_value(suffix: str, tmp_path: Path) -> None:
    pixels = _with_alpha(quadrants())
    loaded = load_image(make_image(tmp_path / f"image.{suffix}", pixels))
    assert loaded.dtype == np.uint8
    assert np.array_equal(loaded[pixels[..., 3] > 0], pixels[pixels[..., 3] > 0])
    assert np.array_equal(loaded[..., 3], pixels[..., 3])


def test_an_opaque_image_has_full_alpha(tmp_path: Path) -> None:
    loaded = load_image(make_image(tmp_path / "image.png", quadrants()))
    assert loaded.shape == (48, 64, 4)
    assert loaded[..., 3].min() == 255


def test_jpeg_colours_are_right_to_two_levels(tmp_path: Path) -> None:
    loaded = load_image(make_image(tmp_path / "image.jpg", quadrants()))
    assert _difference(loaded[..., :3], quadrants()) <= 2


_TURNED = {
    1: lambda upright: upright,
    2: lambda upright: upright[:, ::-1],
    3: lambda upright: upright[::-1, ::-1],
    4: lambda upright: upright[::-1],
    5: lambda upright: upright.transpose(1, 0, 2),
    6: lambda upright: np.rot90(upright, 1),
    7: lambda upright: np.rot90(upright, 2).transpose(1, 0, 2),
    8: lambda upright: np.rot90(upright, -1),
}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(orientation: int, tmp_path: Path) -> None:
    stored = np.ascontiguousarray(_TURNED[orientation](quadrants(64, 48)))
    path = with_orientation(make_image(tmp_path / "photo.jpg", stored), orientation)
    loaded = load_image(path)
    assert loaded.shape == (48, 64, 4)
    assert _difference(loaded[..., :3], quadrants(64, 48)) <= 2


@pytest.mark.parametrize("suffix", ["png", "jpg", "tiff"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_cut_off_image_is_refused(suffix: str, share: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    path = make_image(tmp_path / f"image.{suffix}", noise)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(JobFailed) as failure:
        load_image(path)
    assert failure.value.code == "decode_failed"


def test_animated_webp_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "moving.webp"
    with av.open(str(path), "w", format="webp") as container:
        stream = container.add_stream("libwebp_anim", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "bgra"
        for index in range(3):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 4), 60 * index, dtype=np.uint8), format="bgra")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with pytest.raises(JobFailed, match="animated WebP") as failure:
        load_image(path)
    assert failure.value.code == "codec_unsupported"


def test_a_palette_with_transparency_is_resolved(tmp_path: Path) -> None:
    indices = np.random.default_rng(5).integers(0, 3, (8, 8), dtype=np.uint8)
    colours, alphas = np.array([[255, 0, 0], [0, 255, 0], [10, 20, 30]]), np.array([0, 128, 255])
    rows = b"".join(b"\0" + row.tobytes() for row in indices)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(colours.astype(np.uint8).tobytes())),
        (b"tRNS", bytes(alphas.astype(np.uint8).tobytes())),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    path = tmp_path / "palette.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, payload) for kind, payload in chunks))
    loaded = load_image(path)
    assert np.array_equal(loaded[..., :3], colours[indices])
    assert np.array_equal(loaded[..., 3], alphas[indices])


def _chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def test_bytes_behind_a_jpeg_do_no_harm(tmp_path: Path) -> None:
    path = make_image(tmp_path / "image.jpg", quadrants())
    path.write_bytes(path.read_bytes() + b"camera maker's trailer" * 20)
    assert _difference(load_image(path)[..., :3], quadrants()) <= 2


def test_a_clip_is_not_an_image(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    path.write_bytes(b"RIFF\x24\0\0\0WAVEfmt " + bytes(40))
    with pytest.raises(JobFailed, match="not an image"):
        load_image(path)
