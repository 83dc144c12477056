"""Looks at what the tools made: one frame of each at the same moments, as numbers and as a contact sheet."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.render.scene import FRAME_RATE, TIMES_S, Scene

THUMBNAIL_WIDTH_PX = 640
LABEL_HEIGHT_PX = 28


@dataclass(frozen=True, slots=True)
class Film:
    """Facts of a finished file, to be sure that two tools did the same work."""

    width: int
    height: int
    frame_count: int
    pixel_format: str
    matrix: int
    video_kbps: float
    audio_s: float


def film_facts(path: Path) -> Film:
    """Read from the packets, without decoding. `matrix` is the ISO/IEC 23091-2 number: 1 is BT.709."""
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        sizes = [packet.size for packet in container.demux(video) if packet.size]
        sound = container.streams.audio[0] if container.streams.audio else None
        audio_s = float((sound.duration or 0) * (sound.time_base or 0)) if sound else 0.0
        kbps = sum(sizes) * 8 / (len(sizes) / FRAME_RATE) / 1000
        context = video.codec_context
        return Film(video.width, video.height, len(sizes), str(context.pix_fmt), context.colorspace, kbps, audio_s)


def frame_at(path: Path, time_s: float) -> NDArray[np.uint8]:
    """The frame on screen at `time_s`, H×W×3 BGR, read as BT.709."""
    wanted = Fraction(round(time_s * FRAME_RATE), FRAME_RATE) - Fraction(1, 4 * FRAME_RATE)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        first_s = (stream.start_time or 0) * stream.time_base
        container.seek(int((wanted + first_s) / stream.time_base), stream=stream)
        for frame in container.decode(stream):
            if frame.pts is not None and frame.pts * stream.time_base - first_s >= wanted:
                return np.asarray(frame.reformat(format="bgr24", src_colorspace="ITU709").to_ndarray(), np.uint8)
    raise ValueError(f"{path.name} has no frame at {time_s} s")


def psnr_db(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Peak signal to noise ratio of two pictures of one size, in dB."""
    error = float(np.mean((one.astype(np.float32) - other) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))


def compare(scene: Scene, films: Mapping[str, Path], reference: str) -> dict[str, list[float]]:
    """PSNR of every tool against `reference` at the scene's moments; writes `contact.png` into the scene's folder."""
    times_s = TIMES_S[scene.name]
    pictures = {tool: [frame_at(path, time_s) for time_s in times_s] for tool, path in films.items()}
    rows = [np.hstack([_thumbnail(picture, tool) for picture in row]) for tool, row in pictures.items()]
    cv2.imwrite(str(scene.folder / "contact.png"), np.vstack(rows))
    if reference not in pictures:
        return {}
    return {
        tool: [psnr_db(picture, truth) for picture, truth in zip(row, pictures[reference], strict=True)]
        for tool, row in pictures.items()
        if tool != reference
    }


def _thumbnail(picture: NDArray[np.uint8], label: str) -> NDArray[np.uint8]:
    height = round(picture.shape[0] * THUMBNAIL_WIDTH_PX / picture.shape[1])
    small = cv2.resize(picture, (THUMBNAIL_WIDTH_PX, height), interpolation=cv2.INTER_AREA)
    strip = np.zeros((LABEL_HEIGHT_PX, THUMBNAIL_WIDTH_PX, 3), np.uint8)
    cv2.putText(strip, label, (8, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1, cv2.LINE_AA)
    return np.vstack([strip, small])
