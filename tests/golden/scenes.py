"""A small film for every entry of the catalogue, and which of its frames stand in the golden sheets."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.presets import PRESETS, is_exit_preset
from tests.engine.motions.stages import Use, uses
from tests.golden.sources import HEIGHT, WIDTH

Payload = dict[str, Any]
RATE, START, STOP = 10, 2, 12
"""Frames a second of the strips, and the frames at which what they show begins and is over."""
STRIP = (3, 5, 7, 9, 11)
LETTERS = {"font_size": 24, "font_weight": 700, "width": "100%", "height": "100%"}
WORDS = ("one", "two", "six", "ten")


@dataclass(frozen=True)
class Golden:
    """A film whose frames `shown` are kept in the sheet `family`, as pictures of `size`."""

    family: str
    name: str
    payload: Payload
    shown: tuple[int, ...] = STRIP

    @property
    def size(self) -> tuple[int, int]:
        return self.payload["width"], self.payload["height"]

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


def film(*elements: Payload, size: tuple[int, int] = (WIDTH, HEIGHT), **request: Any) -> Payload:
    return {
        "width": size[0],
        "height": size[1],
        "frame_rate": RATE,
        "duration": 1.5,
        "elements": list(elements),
        **request,
    }


def clip(**fields: Any) -> Payload:
    return {"type": "video", "source_url": "clip.mp4", **fields}


def image(url: str = "photo.png", **fields: Any) -> Payload:
    return {"type": "image", "id": url, "source_url": url, "duration": 1.5, **fields}


def text(words: str, **fields: Any) -> Payload:
    return {"type": "text", "id": "words", "text": words, "duration": 1.5, **LETTERS, **fields}


def effect_film(name: str, intensity: float = 100) -> Payload:
    """Half a second of a clip of 24 frames a second at 1.25 times its speed, in 30 frames a second."""
    effects = [{"type": name, "intensity": intensity}]
    return film(clip(speed=1.25, in_point=0.2, effects=effects), frame_rate=30, duration=1.0)


def motion_film(use: Use | None, scope: str = "element") -> Payload:
    """A picture, or a word, that moves over frames START to STOP; it rests without `use`."""
    size = (64, 36)
    motion = []
    if use is not None:
        scope = use.scope
        motion = [{"type": use.name, "scope": scope, "time": 0.2, "duration": 1.0, "reversed": use.direction == "exit"}]
    moved = {"width": "60%", "height": "60%", "motion": motion, "id": "moved", "z_index": 1}
    if scope == "character":
        return film(text("Abg", **{**moved, "font_size": 17, "width": "100%"}), image("wall.png"), size=size)
    return film(image("meadow.png", **moved) | {"source_url": "badge.png"}, image("wall.png"), size=size)


def transition_film(name: str | None) -> Payload:
    """Two clips that overlap over frames START to STOP; without a `name` they are cut at STOP."""
    first, second = (clip(source_url=f"{url}.mp4", id=url) for url in ("lamps", "meadow"))
    first["out_point"], second["time"] = 1.2, 0.2
    joins = [{"type": name, "duration": 1.0, "from_id": "lamps", "to_id": "meadow"}] if name else []
    return film(first, second, size=(48, 28), transitions=joins)


def caption_film(style: str) -> Payload:
    words = [{"text": word, "start": 0.2 + 0.3 * n, "end": 0.45 + 0.3 * n} for n, word in enumerate(WORDS)]
    return film(text("x", font_size=17, word_animation={"style": style, "words": words}), image("wall.png"))


def preset_film(name: str) -> Payload:
    time = 0.2 if not is_exit_preset(name) else 0.0
    track = text("Abg xy", font_size=17, animation_preset=name, time=time, duration=1.2 if time else 1.1)
    return film(track, image("wall.png"))


FIELDS: dict[str, Payload] = {
    "brightness": {"brightness": 60},
    "contrast": {"contrast": 70},
    "saturation": {"saturation": -80},
    "exposure": {"exposure": -60},
    "hue_rotate": {"hue_rotate": 90},
    "sharpness": {"sharpness": 100},
    "blur": {"blur": 40},
    "noise": {"noise": 60},
    "vignette": {"vignette": 100},
    "lut": {"lut_url": "look.cube", "lut_intensity": 80},
    "crop": {"crop_left": 0.3, "crop_top": 0.2},
    "contain": {"fit": "contain", "height": "70%", "crop_right": 0.5},
    "contain_blur": {"fit": "contain_blur", "crop_right": 0.5},
    "fill": {"fit": "fill", "width": "40%"},
    "opacity": {"opacity": 40},
    "color_overlay": {"color_overlay": "#ff408080"},
    "border": {"width": "70%", "height": "70%", "border_width": 4, "border_color": "#ffd040", "border_radius": 12},
    "shadow": {"width": "60%", "height": "60%", "shadow_blur": 8, "shadow_x": 4, "shadow_y": 4},
    "tilt": {"width": "70%", "height": "70%", "x_rotation": 40, "y_rotation": -35},
    "turn": {"width": "60%", "height": "60%", "z_rotation": 30, "flip_horizontal": True},
    "clip": {"width": "50%", "height": "50%", "z_rotation": 30, "clip": True},
}


def field_film(name: str) -> Payload:
    return film(clip(z_index=1, **FIELDS[name]), image("wall.png"))


def blend_film(mode: str) -> Payload:
    return film(image("badge.png", width="80%", height="80%", blend_mode=mode, z_index=1), clip())


@cache
def goldens() -> tuple[Golden, ...]:
    """Everything that the golden sheets hold, family by family."""
    return tuple(sorted(_goldens(), key=lambda golden: golden.family))


def _goldens() -> Iterator[Golden]:
    for name in names("effects"):
        yield Golden("effects", name, effect_film(name), (15,))
    for use in uses("entrance", "exit", "loop"):
        yield Golden(f"motions-{use.scope}-{use.direction}", use.name, motion_film(use))
    for name in names("transitions"):
        yield Golden("transitions", name, transition_film(name))
    for style in names("word_animation_styles"):
        yield Golden("captions", style, caption_film(style))
    for name in PRESETS:
        yield Golden("presets", name, preset_film(name))
    for mode in names("blend_modes"):
        yield Golden("looks", mode, blend_film(mode), (6,))
    for name in FIELDS:
        yield Golden("looks", name, field_film(name), (6,))
