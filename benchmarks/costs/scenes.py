"""The films whose cost is measured: 720 lines, 30 frames a second, nothing to scale."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2

from benchmarks.render.paths import CACHE
from benchmarks.render.sources import ensure_sources
from gpu_tasks.timeline.catalogue import catalogue, names

SIZE = (1280, 720)
FRAME_RATE = 30
FRAMES = 64
"""Length of a film; a source clip has some more."""
DURATION_S = FRAMES / FRAME_RATE
CLIPS, CUTS_S = ("first", "second"), (4.5, 9.0)
"""The two source clips and from where they are taken: two shots of the same camera."""
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the table: a film, and the clips whose decoding must be taken off its cost."""

    family: str
    name: str
    payload: Payload
    decoded: tuple[str, ...] = ()


def entries() -> Iterator[Entry]:
    """Every effect, transition, and motion of an element in each of its directions."""
    for name in names("effects"):
        yield Entry("effects", name, film(clip(CLIPS[0], effects=[{"type": name}])), CLIPS[:1])
    for name in names("transitions"):
        yield Entry("transitions", name, transition_film(name), CLIPS)
    for motion in catalogue()["motions"]:
        for direction in ("entrance", "exit", "loop"):
            if motion["element"][direction]:
                yield Entry("motions", f"{motion['type']}, {direction}", motion_film(motion["type"], direction))


def film(*elements: Payload, **request: Any) -> Payload:
    width, height = SIZE
    canvas = {"width": width, "height": height, "frame_rate": FRAME_RATE, "duration": DURATION_S}
    return {**canvas, "elements": list(elements), **request}


def clip(name: str, **fields: Any) -> Payload:
    return {"type": "video", "id": name, "source_url": f"{name}.mp4", **fields}


def plain_film(name: str) -> Payload:
    """A clip alone: decoded, and handed on as it is."""
    return film(clip(name))


def transition_film(name: str) -> Payload:
    """Two clips that fill the canvas, joined from the film's first frame to its last."""
    outgoing, incoming = CLIPS
    join = {"type": name, "duration": DURATION_S, "from_id": outgoing, "to_id": incoming}
    return film(clip(outgoing), clip(incoming), transitions=[join])


def motion_film(name: str, direction: str) -> Payload:
    """A picture as large as the canvas that moves over another; at rest such a film costs nothing."""
    leaving = direction == "exit"
    length_s = DURATION_S / 2 if direction == "loop" else DURATION_S
    motion = {"type": name, "time": 0, "duration": length_s, "reversed": leaving, "easing": "linear"}
    return film(picture("above", z_index=1, motion=[motion]), picture("below"))


def picture(name: str, **fields: Any) -> Payload:
    return {"type": "image", "id": name, "source_url": f"{name}.png", "duration": DURATION_S, **fields}


def ensure_clips(folder: Path = CACHE / "costs") -> dict[str, Path]:
    """Two clips and two pictures of exactly the canvas's size, by their URLs; made of the benchmark's own sources."""
    starts_s = {f"{name}.mp4": start_s for name, start_s in zip(CLIPS, CUTS_S, strict=True)}
    paths = {name: folder / name for name in (*starts_s, "above.png", "below.png")}
    if all(path.exists() for path in paths.values()):
        return paths
    sources = ensure_sources()
    folder.mkdir(parents=True, exist_ok=True)
    for name, start_s in starts_s.items():
        _cut(sources / "natural.mp4", start_s, paths[name])
    for name, photograph in (("above.png", "photo1.jpg"), ("below.png", "photo5.jpg")):
        shrunk = cv2.resize(cv2.imread(str(sources / photograph)), SIZE, interpolation=cv2.INTER_AREA)
        cv2.imwrite(str(paths[name]), shrunk)
    return paths


def _cut(source: Path, start_s: float, path: Path) -> None:
    """A shot of a clip, scaled down to the canvas's size."""
    part = path.with_suffix(".part.mp4")
    with av.open(str(source)) as reading, av.open(str(part), "w") as writing:
        options = {"crf": "18", "preset": "medium", "threads": "4"}
        stream = writing.add_stream("libx264", rate=FRAME_RATE, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        context = stream.codec_context
        context.color_primaries = context.color_trc = context.colorspace = context.color_range = 1
        for index, frame in enumerate(_from(reading, start_s)):
            if index == FRAMES + 8:
                break
            shown = frame.reformat(*SIZE, "yuv420p")
            shown.pts, shown.time_base = index, Fraction(1, FRAME_RATE)
            writing.mux(stream.encode(shown))
        writing.mux(stream.encode(None))
    part.rename(path)


def _from(container: av.container.InputContainer, start_s: float) -> Iterator[av.VideoFrame]:
    return (frame for frame in container.decode(video=0) if (frame.time or 0) >= start_s)
