"""The scenes for moviepy 2. Runs in moviepy's own environment, which has none of our packages:
`python -m benchmarks.render.twins.moviepy_film SCENE FOLDER OUTPUT`.

FOLDER holds scene.json and pieces.json (lettering and masks as pictures: name → path, x, y).
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from moviepy import (  # type: ignore[import-not-found]
    AudioFileClip,
    CompositeAudioClip,
    CompositeVideoClip,
    ImageClip,
    VideoClip,
    VideoFileClip,
    concatenate_videoclips,
)
from moviepy.audio.fx import (  # type: ignore[import-not-found]
    AudioFadeIn,
    AudioFadeOut,
    MultiplyVolume,
)
from moviepy.video.fx import CrossFadeIn  # type: ignore[import-not-found]
from PIL import Image

from benchmarks.render.twins.easing import ease

FRAME_RATE = 30


class Film:
    """The request and the ready-made pieces of one scene."""

    def __init__(self, folder: Path) -> None:
        self.request: dict[str, Any] = json.loads((folder / "scene.json").read_text())
        self.pieces: dict[str, Any] = json.loads((folder / "pieces.json").read_text())
        self.size = (self.request["width"], self.request["height"])
        self.duration_s = float(self.request["duration"])

    def element(self, element_id: str) -> dict[str, Any]:
        return next(e for e in self.request["elements"] if e.get("id") == element_id)

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [e for e in self.request["elements"] if e["type"] == kind]

    def clip(self, element: dict[str, Any], size: tuple[int, int], audio: bool = True) -> Any:
        """A trimmed clip, scaled by the decoder, which costs least."""
        source = VideoFileClip(element["source_url"], target_resolution=size, resize_algorithm="bicubic", audio=audio)
        return source.subclipped(element.get("in_point", 0), element["out_point"]).with_start(element["time"])

    def picture(self, name: str, start_s: float, duration_s: float) -> Any:
        piece = self.pieces[name]
        return (
            ImageClip(piece["path"])
            .with_start(start_s)
            .with_duration(duration_s)
            .with_position((piece["x"], piece["y"]))
        )

    def image(self, element: dict[str, Any], size: tuple[int, int]) -> Any:
        return (
            ImageClip(element["source_url"])
            .resized(size)
            .with_start(element["time"])
            .with_duration(element["duration"])
        )

    def music(self) -> Any:
        element = self.element("music")
        return AudioFileClip(element["source_url"]).subclipped(0, element["out_point"])

    def composed(self, layers: list[Any]) -> Any:
        return CompositeVideoClip(layers, size=self.size).with_duration(self.duration_s)


def s1(film: Film) -> Any:
    """A clip under a title and a logo."""
    logo, title = film.element("logo"), film.element("title")
    size = round(logo["width"])
    mark = film.image(logo, (size, size)).with_position((round(logo["x"]) - size, round(logo["y"])))
    lettering = film.picture("title", title["time"], title["duration"])
    return film.composed([film.clip({**film.element("clip"), "time": 0}, film.size), mark, lettering])


def _slide(element: dict[str, Any], name: str, size: tuple[int, int]) -> Callable[[float], tuple[float, float]]:
    """Position over the clip's own time: from outside the left edge to rest."""
    left, top, width = element["x"], element["y"], size[0]
    move_s = element["motion"][0]["duration"]
    return lambda t: (left - (left + width) * (1 - ease(name, t / move_s)), top)


def s2(film: Film) -> Any:
    """Two dissolved clips, a moving rounded inset, a lower third, music."""
    first = film.clip(film.element("first"), film.size)
    second = film.clip(film.element("second"), film.size).with_effects([CrossFadeIn(1)])
    overlap = 1.0
    first = first.with_audio(first.audio.with_effects([AudioFadeOut(overlap)]))
    second = second.with_audio(second.audio.with_effects([AudioFadeIn(overlap)]))
    element, size = film.element("inset"), (round(film.size[0] * 0.3), round(film.size[1] * 0.3))
    with Image.open(film.pieces["rounded"]["path"]) as opened:
        rounded = np.asarray(opened.convert("L")) / 255
    mask = ImageClip(rounded, is_mask=True, duration=film.duration_s)
    inset = film.clip(element, size, audio=False).with_mask(mask)
    inset = inset.with_position(_slide(element, "ease_in_out", size))
    element = film.element("lower-third")
    size = (round(element["width"]), round(element["height"]))
    third = film.image(element, size).with_position(_slide(element, "ease_out", size))
    composed = film.composed([first, second, inset, third])
    music = film.music().with_effects([MultiplyVolume(0.4), AudioFadeIn(1), AudioFadeOut(1)])
    return composed.with_audio(CompositeAudioClip([composed.audio, music]))


def _growing(film: Film, photo: dict[str, Any]) -> Any:
    """A photograph whose middle grows by 20 %: one cut-and-resize a frame, straight to the canvas."""
    width, height = film.size
    with Image.open(photo["source_url"]) as opened:
        picture = opened.convert("RGB")

    def frame(t: float) -> Any:
        share = 1 / (1 + 0.2 * t / photo["duration"])
        left, top = picture.width * (1 - share) / 2, picture.height * (1 - share) / 2
        box = (left, top, picture.width - left, picture.height - top)
        return np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC, box))

    return VideoClip(frame, duration=photo["duration"])


def _joined(film: Film, clip: Any, start_s: float, join: dict[str, Any]) -> list[Any]:
    """The clip in two parts, so that only the frames of the transition itself are blended."""
    duration_s = join["duration"]
    entering, rest = clip.subclipped(0, duration_s), clip.subclipped(duration_s)
    if join["type"] == "wipe_left":
        entering = entering.with_mask(_wipe_mask(film.size, duration_s))
    else:
        entering = entering.with_effects([CrossFadeIn(duration_s)])
    return [entering.with_start(start_s), rest.with_start(start_s + duration_s)]


def _wipe_mask(size: tuple[int, int], duration_s: float) -> Any:
    """Uncovers from the right."""

    def mask(t: float) -> Any:
        visible = np.zeros((size[1], size[0]))
        visible[:, round(size[0] * (1 - min(t / duration_s, 1))) :] = 1
        return visible

    return VideoClip(mask, is_mask=True, duration=duration_s)


def s3(film: Film) -> Any:
    """Photographs that grow, joined by dissolves and wipes, under captions."""
    first, *others = film.of_type("image")
    layers = [_growing(film, first)]
    for photo, join in zip(others, film.request["transitions"], strict=True):
        layers += _joined(film, _growing(film, photo), photo["time"], join)
    states = sorted(name for name in film.pieces if name.startswith("caption-"))
    layers += [film.picture(name, index * 0.5, 0.5) for index, name in enumerate(states)]
    return film.composed(layers).with_audio(film.music())


def s5(film: Film) -> Any:
    """Stills with captions, each composed once: moviepy then repeats the finished picture."""
    parts = []
    for index, still in enumerate(film.of_type("image")):
        caption = film.picture(f"caption{index}", 0, still["duration"])
        photo = film.image({**still, "time": 0}, film.size)
        frame = CompositeVideoClip([photo, caption], size=film.size).get_frame(0)
        parts.append(ImageClip(frame).with_duration(still["duration"]))
    return concatenate_videoclips(parts).with_audio(film.music())


def s6(film: Film) -> Any:
    """Hard cuts and nothing else."""
    return concatenate_videoclips([film.clip({**cut, "time": 0}, film.size) for cut in film.of_type("video")])


def s4(film: Film) -> Any:
    """Colour, blur, RGB split, vignette and grain over one clip, as numpy: moviepy has no filter for most of it."""
    import cv2

    width, height = film.size
    factor = height / 720
    shift = round(4 * factor)
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    radius = np.hypot(columns - width / 2, rows - height / 2) / np.hypot(width / 2, height / 2)
    shade = (np.cos(radius * np.pi / 5) ** 4)[..., None].astype(np.float32)
    rng = np.random.default_rng(1)

    def look(frame: Any) -> Any:
        picture = (frame.astype(np.float32) - 127.5) * 1.2 + 127.5 + 0.05 * 255
        grey = picture @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        picture = cv2.GaussianBlur(grey[..., None] + (picture - grey[..., None]) * 1.3, (0, 0), 2 * factor)
        picture[..., 0] = np.roll(picture[..., 0], shift, axis=1)
        picture[..., 2] = np.roll(picture[..., 2], -shift, axis=1)
        grain = rng.standard_normal((height, width, 1), dtype=np.float32) * 4
        return np.clip(picture * shade + grain, 0, 255).astype(np.uint8)

    return film.clip({**film.element("clip"), "time": 0}, film.size).image_transform(look)


SCENES: dict[str, Callable[[Film], Any]] = {"S1": s1, "S2": s2, "S3": s3, "S4": s4, "S5": s5, "S6": s6}


def main(scene: str, folder: Path, output: Path) -> None:
    clip = SCENES[scene](Film(folder))
    clip.write_videofile(
        str(output),
        fps=FRAME_RATE,
        codec="libx264",
        preset="veryfast",
        pixel_format="yuv420p",
        audio_codec="aac",
        audio_bitrate="128k",
        audio_fps=48_000,
        temp_audiofile_path=str(folder),
        logger=None,
        ffmpeg_params=[
            *("-crf", "23", "-vf", "scale=out_color_matrix=bt709:out_range=tv"),
            *("-color_primaries", "bt709", "-color_trc", "bt709", "-colorspace", "bt709", "-color_range", "tv"),
        ],
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
