"""Films that between them use all that a frame can be composed of, and the sources that they are made from."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from gpu_tasks.timeline.catalogue import names
from tests.engine.effects.stage import scene
from tests.engine.films import make_film, moving_scene
from tests.engine.motions.stages import Use

FRAME_RATE = 8
Payload = dict[str, Any]


def make_sources(folder: Path, width: int, height: int) -> dict[str, Path]:
    """A clip of two seconds, an opaque picture and one with soft alpha."""
    clip = make_film(folder / "clip.mp4", moving_scene(width, height, 2 * FRAME_RATE), FRAME_RATE)
    photo, logo = folder / "photo.png", folder / "logo.png"
    cv2.imwrite(str(photo), scene(width, height)[:, ::-1, ::-1])
    coverage = np.add.outer(np.hanning(height // 2), np.hanning(width // 2)) * 127
    cv2.imwrite(str(logo), np.dstack([scene(width // 2, height // 2), coverage.astype(np.uint8)]))
    return {path.name: path for path in (clip, photo, logo)}


def film(size: tuple[int, int], *elements: Payload, **fields: Any) -> Payload:
    return {"width": size[0], "height": size[1], "frame_rate": FRAME_RATE, "elements": list(elements), **fields}


def video(**fields: Any) -> Payload:
    return {"type": "video", "id": "clip", "source_url": "clip.mp4", **fields}


def photo(**fields: Any) -> Payload:
    return {"type": "image", "id": "photo", "source_url": "photo.png", "duration": 2, **fields}


def logo(**fields: Any) -> Payload:
    return {"type": "image", "id": "logo", "source_url": "logo.png", "duration": 2, "z_index": 1, **fields}


def moving(size: tuple[int, int], use: Use) -> Payload:
    """A photograph with a motion over its first second, in front of a clip."""
    motion = {"type": use.name, "time": 0, "duration": 1, "reversed": use.direction == "exit"}
    return film(size, video(), photo(width="60%", height="50%", z_index=1, motion=[motion]))


MOVING_FRAMES = (2, 5)


def scenes(size: tuple[int, int]) -> Iterator[tuple[str, Payload, str]]:
    """Name, request and pixel format."""
    yield (
        "laid over",
        film(size, video(), logo(), photo(width="31%", border_radius="9%", x="70%", z_index=2)),
        "yuv420p",
    )
    turned = logo(z_rotation=17, opacity=70, width="80%", x_scale="150%")
    yield "turned", film(size, photo(fit="contain", flip_horizontal=True), turned), "yuv420p"
    finished = {"border_width": "3%", "border_color": "#ffcc00", "border_radius": "10%", "shadow_color": "#000000aa"}
    cast = {"shadow_blur": "4%", "shadow_x": "2%", "shadow_y": "2%"}
    yield "finished", film(size, video(), photo(width="50%", height="50%", z_index=1, **finished, **cast)), "yuv420p"
    words = {"type": "text", "text": "Turning gqy", "duration": 2, "font_size": size[1] // 5, "z_index": 3}
    yield "text", film(size, video(), {**words, "motion": [{"type": "fade", "time": 0, "duration": 1}]}), "yuv420p"
    yield "4:4:4", film(size, video(), logo(width="33%", x="40%")), "yuv444p"
    yield (
        "alpha",
        film(size, logo(), photo(width="20%", z_index=2, opacity=50), output_format="mov", alpha=True),
        "yuva420p",
    )
    looks = [{"type": "super8", "intensity": 80}, {"type": "rgb_split", "intensity": 60}]
    grade = {"saturation": 130, "contrast": 115, "blur": 20, "vignette": 60}
    yield "looks", film(size, video(effects=looks, **grade), logo(color_overlay="#ff000080")), "yuv420p"
    join = {"type": "cross_dissolve", "duration": 1, "from_id": "clip", "to_id": "photo"}
    yield "joined", film(size, video(out_point=1.5), photo(time=1), transitions=[join]), "yuv420p"
    for mode in names("blend_modes"):
        yield f"blended {mode}", film(size, video(), logo(blend_mode=mode)), "yuv420p"


SCENES = [name for name, _, _ in scenes((96, 54))]
