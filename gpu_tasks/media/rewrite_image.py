"""One picture through a step into a png or a jpg."""

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from gpu_tasks.media.encode_frames import encoding_errors, rgb_to_jpeg_yuv
from gpu_tasks.media.encode_still import encoded_still
from gpu_tasks.media.images import image_header, load_image
from gpu_tasks.models.step import Frame, Step
from gpu_tasks.timeline.sources import SourceInfo

_SUFFIXES = {"jpeg": ".jpg", "png": ".png"}


def rewrite_image(source: Path, info: SourceInfo, output: Path, step: Step) -> tuple[int, int]:
    """Write what `step` makes of a picture; returns width and height. Raises JobFailed.

    A picture that stays as it is, upright and in the same format, is copied: a jpeg would lose by being stored anew.
    """
    pixels = load_image(source)
    alpha = np.ascontiguousarray(pixels[..., 3]) if info.has_alpha else None
    given = Frame(np.ascontiguousarray(pixels[..., :3]), alpha, Fraction(0))
    made = list(step.process([given]))
    if len(made) != 1:
        raise RuntimeError(f"the step made {len(made)} pictures of one")
    with encoding_errors(output.suffix[1:]):
        if made[0].changed == () and _SUFFIXES.get(info.format) == output.suffix and is_upright(source):
            shutil.copyfile(source, output)
        else:
            output.write_bytes(encode_picture(made[0], output.suffix))
    return made[0].rgb.shape[1], made[0].rgb.shape[0]


def is_upright(source: Path) -> bool:
    """Whether an image is stored as it is shown."""
    return image_header(source).orientation == 1


def encode_picture(frame: Frame, suffix: str) -> bytes:
    """A png, with alpha where the frame has some, or a jpg of quality 95 without chroma subsampling."""
    if suffix == ".png":
        return encoded_still(_rgb_frame(frame), "png")
    if frame.alpha is not None:
        raise ValueError("a jpg holds no alpha; a png does")
    return encoded_still(rgb_to_jpeg_yuv(_rgb_frame(frame)), "jpg")


def _rgb_frame(frame: Frame) -> av.VideoFrame:
    if frame.alpha is None:
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(frame.rgb), format="rgb24")
    return av.VideoFrame.from_ndarray(np.dstack([frame.rgb, frame.alpha]), format="rgba")
