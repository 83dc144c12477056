"""Looks at a finished film: is it what the scene asked for, and what does it look like."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

BT709 = 1
SHEET_COLUMNS, SHEET_ROWS = 4, 3
CELL_WIDTH, GAP = 480, 12


class FilmWrong(RuntimeError):
    """A film that is not what its scene asks for; the message lists every difference."""


def check_film(path: Path, scene: dict[str, Any]) -> str:
    """Decode the whole film and compare it with its scene; returns its facts as one line. Raises FilmWrong.

    Checks size, frame rate, the exact number of frames, BT.709 tags, and that the sound is as long as the picture.
    """
    seen = _facts(path)
    frame_rate = scene.get("frame_rate", 30)
    wanted = {
        "width": scene.get("width", 1280),
        "height": scene.get("height", 720),
        "frame_rate": Fraction(frame_rate),
        "frames": round(scene["duration"] * frame_rate),
    }
    if scene.get("output_format", "mp4") == "mp4":
        wanted |= {"primaries": BT709, "transfer": BT709, "matrix": BT709}
    wrong = [f"{name} is {seen[name]}, not {value}" for name, value in wanted.items() if seen[name] != value]
    if _has_sound(scene) and abs(seen["sound_s"] - scene["duration"]) > 1 / frame_rate:
        wrong.append(f"the sound is {seen['sound_s']:.3f} s long, not {scene['duration']} s")
    if wrong:
        raise FilmWrong(f"{path.name}: {'; '.join(wrong)}")
    sound = f", {seen['sound_s']:.2f} s of sound" if seen["sound_s"] else ""
    return f"{seen['width']}×{seen['height']}, {seen['frames']} frames at {frame_rate} fps{sound}"


def write_contact_sheet(film: Path, sheet: Path) -> Path:
    """A PNG of frames spread over the film, four by three."""
    with av.open(str(film)) as container:
        frames = [frame.to_ndarray(format="bgr24") for frame in _spread(container, SHEET_COLUMNS * SHEET_ROWS)]
    height = round(frames[0].shape[0] * CELL_WIDTH / frames[0].shape[1])
    cells = [cv2.resize(frame, (CELL_WIDTH, height), interpolation=cv2.INTER_AREA) for frame in frames]
    cells += [np.zeros_like(cells[0])] * (SHEET_COLUMNS * SHEET_ROWS - len(cells))
    page = np.full((_span(height, SHEET_ROWS), _span(CELL_WIDTH, SHEET_COLUMNS), 3), 18, np.uint8)
    for index, cell in enumerate(cells):
        row, column = divmod(index, SHEET_COLUMNS)
        y, x = GAP + row * (height + GAP), GAP + column * (CELL_WIDTH + GAP)
        page[y : y + height, x : x + CELL_WIDTH] = cell
    cv2.imwrite(str(sheet), page)
    return sheet


def _facts(path: Path) -> dict[str, Any]:
    with av.open(str(path)) as container:
        video = container.streams.video[0]
        context = video.codec_context
        facts: dict[str, Any] = {
            "width": context.width,
            "height": context.height,
            "frame_rate": video.average_rate,
            "primaries": context.color_primaries,
            "transfer": context.color_trc,
            "matrix": context.colorspace,
        }
        frames, samples = 0, Fraction(0)
        for frame in container.decode(*container.streams.video, *container.streams.audio):
            if isinstance(frame, av.VideoFrame):
                frames += 1
            elif isinstance(frame, av.AudioFrame):
                samples += Fraction(frame.samples, frame.sample_rate)
    return {**facts, "frames": frames, "sound_s": float(samples)}


def _spread(container: av.container.InputContainer, count: int) -> list[av.VideoFrame]:
    """`count` frames in the middles of as many equal parts of the film; all of them when there are fewer."""
    total = container.streams.video[0].frames or sum(1 for _ in container.decode(video=0))
    container.seek(0)
    wanted = {int((part + 0.5) * total / count) for part in range(count)}
    return [frame for index, frame in enumerate(container.decode(video=0)) if index in wanted]


def _has_sound(scene: dict[str, Any]) -> bool:
    return any(element["type"] in ("audio", "video") and element.get("volume", 100) for element in scene["elements"])


def _span(cell: int, count: int) -> int:
    return count * cell + (count + 1) * GAP
