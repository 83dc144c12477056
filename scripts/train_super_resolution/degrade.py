"""What happens to pictures before somebody wants them larger: reduction, noise, JPEG, H.264."""

import io
from fractions import Fraction

import av
import numpy as np
from PIL import Image

from scripts.train_super_resolution.pictures import Luma

_KERNELS = (
    Image.Resampling.BICUBIC,
    Image.Resampling.BOX,
    Image.Resampling.LANCZOS,
    Image.Resampling.BILINEAR,
)
_KERNEL_CHANCES = (0.3, 0.4, 0.15, 0.15)
_UNTOUCHED_SHARE, _JPEG_SHARE = 0.3, 0.6
_NOISE_SHARE = 0.2
_MAX_NOISE = 8.0
_CLIP_FRAMES = 4
_CLIP_RATE = 25


def reduce(luma: Luma, scale: int, kernel: Image.Resampling = Image.Resampling.BICUBIC) -> Luma:
    """The picture `scale` times smaller, by one of Pillow's antialiasing kernels."""
    height, width = luma.shape
    return np.asarray(Image.fromarray(luma).resize((width // scale, height // scale), kernel))


def degrade(rng: np.random.Generator, luma: Luma, scale: int) -> Luma:
    """The picture reduced by some kernel, and in seven cases of ten made noisy, compressed or both."""
    small = reduce(luma, scale, _KERNELS[rng.choice(len(_KERNELS), p=_KERNEL_CHANCES)])
    if rng.random() < _UNTOUCHED_SHARE:
        return small
    if rng.random() < _NOISE_SHARE:
        small = add_noise(rng, small, float(_MAX_NOISE * rng.random() ** 2))
    way = rng.random()
    if way < _JPEG_SHARE:
        return jpeg(small, int(rng.integers(40, 96)))
    return h264(small, int(rng.integers(18, 31))) if way < 0.9 else small


def add_noise(rng: np.random.Generator, luma: Luma, deviation: float) -> Luma:
    """The picture with Gaussian noise of this deviation, in levels of 255."""
    return np.asarray(np.clip(luma + rng.normal(0, deviation, luma.shape) + 0.5, 0, 255), np.uint8)


def jpeg(luma: Luma, quality: int) -> Luma:
    """The picture after JPEG of this quality."""
    file = io.BytesIO()
    Image.fromarray(luma).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def h264(luma: Luma, quantiser: int) -> Luma:
    """The last of a few frames of a clip of the picture standing still, at this constant rate factor.

    A still picture is refined from frame to frame as a slow shot is; the last frame is a predicted one.
    """
    file = io.BytesIO()
    _write_clip(file, luma, quantiser)
    file.seek(0)
    with av.open(file, "r") as clip:
        *_, last = clip.decode(video=0)
    full = last.reformat(format="gray", src_color_range="MPEG", dst_color_range="JPEG")
    return np.asarray(full.to_ndarray(), np.uint8)


def _write_clip(file: io.BytesIO, luma: Luma, quantiser: int) -> None:
    height, width = luma.shape
    with av.open(file, "w", format="mp4") as clip:
        stream = clip.add_stream("libx264", _CLIP_RATE, options={"crf": str(quantiser), "preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt, stream.time_base = (
            width,
            height,
            "yuv420p",
            Fraction(1, _CLIP_RATE),
        )
        stream.codec_context.thread_count = 1
        for index in range(_CLIP_FRAMES):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(luma), format="gray")
            frame = frame.reformat(format="yuv420p", src_color_range="JPEG", dst_color_range="MPEG")
            frame.pts, frame.time_base = index, Fraction(1, _CLIP_RATE)
            clip.mux(stream.encode(frame))
        clip.mux(stream.encode())
