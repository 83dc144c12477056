"""The scenes as MLT documents for `melt`.

Pictures are blended with `composite`, which works on YUV 4:2:2 and costs less here than the Qt services; photographs
grow with the `affine` filter. Frame numbers are inclusive, as MLT counts.
"""

import shlex
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import cv2
import numpy as np

from benchmarks.render.pieces import CAPTION_STEP_FRAMES, caption_states, rounded_mask, text_piece
from benchmarks.render.scene import FRAME_RATE, Scene
from benchmarks.render.twins.easing import ease

CONSUMER = shlex.split(
    "real_time=-1 rescale=bicubic vcodec=libx264 preset=veryfast crf=23 pix_fmt=yuv420p "
    "acodec=aac ab=128k ar=48000 channels=2 color_primaries=bt709 color_trc=bt709 progressive=1"
)
KEYFRAME_STEP = 3
Properties = dict[str, str | int | float]


def _frames(seconds: float) -> int:
    return round(seconds * FRAME_RATE)


class Shot(NamedTuple):
    """A producer and the playlist entry that shows a part of it; bounds belong to the entry alone or they add up."""

    producer: ET.Element
    entry: dict[str, str]


class Document:
    """An MLT document: producers, tracks (lowest first) and the transitions between them."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.root = ET.Element("mlt")
        self._profile()
        self.tracks: list[ET.Element] = []
        self.joins: list[ET.Element] = []

    def _profile(self) -> None:
        size = {"width": str(self.scene.width), "height": str(self.scene.height)}
        shape = {
            "sample_aspect_num": "1",
            "sample_aspect_den": "1",
            "display_aspect_num": "16",
            "display_aspect_den": "9",
        }
        rate = {"frame_rate_num": str(FRAME_RATE), "frame_rate_den": "1", "progressive": "1", "colorspace": "709"}
        ET.SubElement(self.root, "profile", {"description": "bench", **size, **shape, **rate})

    def producer(self, resource: str | Path, length: int, begin: int = 0, **properties: str | int | float) -> Shot:
        """A source shown from its frame `begin` for `length` frames."""
        name = f"p{len(self.root.findall('producer'))}"
        producer = ET.SubElement(self.root, "producer", {"id": name})
        _set(producer, {"resource": str(resource), **properties})
        return Shot(producer, {"producer": name, "in": str(begin), "out": str(begin + length - 1)})

    def clip(self, element: dict[str, Any], **properties: str | int | float) -> Shot:
        begin = element.get("in_point", 0)
        length = _frames(element["out_point"] - begin)
        return self.producer(element["source_url"], length, _frames(begin), **properties)

    def track(self, shots: Iterable[Shot], first: int) -> int:
        """A track with the shots one after another from frame `first` on. Returns its number."""
        playlist = ET.SubElement(self.root, "playlist", {"id": f"t{len(self.tracks)}"})
        if first:
            ET.SubElement(playlist, "blank", {"length": str(first)})
        for shot in shots:
            ET.SubElement(playlist, "entry", shot.entry)
        self.tracks.append(playlist)
        return len(self.tracks) - 1

    def join(
        self, service: str, below: int, above: int, first: int, length: int, **properties: str | int | float
    ) -> None:
        bounds = {"in": str(first), "out": str(first + length - 1)}
        join = ET.Element("transition", bounds)
        _set(join, {"mlt_service": service, "a_track": below, "b_track": above, **properties})
        self.joins.append(join)

    def place(self, above: int, first: int, length: int, rect: str) -> None:
        """Blend track `above` onto the picture so far, in the rectangle `rect` (may be keyframed)."""
        self.join("composite", 0, above, first, length, geometry=rect, distort=1, progressive=1)

    def write(self) -> Path:
        tractor = ET.SubElement(self.root, "tractor", {"id": "film", "out": str(self.scene.frame_count - 1)})
        multitrack = ET.SubElement(tractor, "multitrack")
        for playlist in self.tracks:
            ET.SubElement(multitrack, "track", {"producer": playlist.get("id", "")})
        tractor.extend(self.joins)
        path = self.scene.folder / "film.mlt"
        ET.ElementTree(self.root).write(path, "utf-8", xml_declaration=True)
        return path


def _set(node: ET.Element, properties: Properties) -> None:
    for name, value in properties.items():
        ET.SubElement(node, "property", {"name": name}).text = str(value)


def _filter(shot: Shot, service: str, **properties: str | int | float) -> None:
    _set(ET.SubElement(shot.producer, "filter"), {"mlt_service": service, **properties})


def s1(scene: Scene) -> Document:
    """A clip under a title and a logo."""
    document = Document(scene)
    document.track([document.clip(scene.element("clip"))], first=0)
    logo, title = scene.element("logo"), scene.element("title")
    size = round(logo["width"])
    length = scene.frame_count
    track = document.track([document.producer(logo["source_url"], length)], first=0)
    document.place(track, 0, length, f"{round(logo['x']) - size}/{round(logo['y'])}:{size}x{size}")
    piece = text_piece(scene, [title], "title")
    first, length = _frames(title["time"]), _frames(title["duration"])
    track = document.track([document.producer(piece.path, length)], first)
    document.place(track, first, length, f"{piece.x}/{piece.y}:{piece.width}x{piece.height}")
    return document


def _slide(name: str, element: dict[str, Any], size: tuple[int, int], length: int) -> str:
    """The rectangle of an element that slides in from the left, keyframed every few frames."""
    move = _frames(element["motion"][0]["duration"])
    steps = sorted({*range(0, move, KEYFRAME_STEP), move, length - 1})
    left, top, (width, height) = round(element["x"]), round(element["y"]), size
    places = ((step, left - (left + width) * (1 - ease(name, step / move))) for step in steps)
    return ";".join(f"{step}={x:.2f} {top} {width} {height} 1" for step, x in places)


def s2(scene: Scene) -> Document:
    """Two dissolved clips, a moving rounded inset, a lower third, music."""
    document = Document(scene)
    first, second = scene.element("first"), scene.element("second")
    overlap = _frames(second["time"])
    document.track([document.clip(first)], first=0)
    upper = document.track([document.clip(second)], overlap)
    length = _frames(scene.request["transitions"][0]["duration"])
    document.join("luma", 0, upper, overlap, length)
    document.join("mix", 0, upper, overlap, length, start="0", end="1")
    rest = scene.frame_count - overlap - length
    document.join("composite", 0, upper, overlap + length, rest, geometry="0/0:100%x100%", progressive=1)
    document.join("mix", 0, upper, overlap + length, rest, start="1", end="1")
    inset = scene.element("inset")
    size = round(scene.width * 0.3), round(scene.height * 0.3)
    mask = rounded_mask(scene, *size, inset["border_radius"])
    clip = document.clip(inset)
    _filter(clip, "shape", resource=str(mask), use_mix=0, use_luminance=1)
    _filter(clip, "volume", gain=0)
    track = document.track([clip], first=0)
    document.place(track, 0, scene.frame_count, _slide("ease_in_out", inset, size, scene.frame_count))
    third = scene.element("lower-third")
    begin, length = _frames(third["time"]), _frames(third["duration"])
    track = document.track([document.producer(third["source_url"], length)], begin)
    size = round(third["width"]), round(third["height"])
    document.place(track, begin, length, _slide("ease_out", third, size, length))
    _add_music(document, mixed=True)
    return document


def _add_music(document: Document, mixed: bool) -> None:
    music = document.clip(document.scene.element("music"))
    last = document.scene.frame_count - 1
    if mixed:
        _filter(music, "volume", level=f"0=-60;{FRAME_RATE}=-7.96;{last - FRAME_RATE}=-7.96;{last}=-60")
    track = document.track([music], first=0)
    document.join("mix", 0, track, 0, document.scene.frame_count, always_active=1, sum=1)


def s3(scene: Scene) -> Document:
    """Photographs that grow, joined by dissolves and wipes, under captions; a track each."""
    document = Document(scene)
    photos, joins = scene.of_type("image"), scene.request["transitions"]
    tracks: list[int] = []
    for photo in photos:
        length = _frames(photo["duration"])
        producer = document.producer(photo["source_url"], length)
        _filter(producer, "qtblend", rect=_growing(length))
        tracks.append(document.track([producer], _frames(photo["time"])))
    for index, join in enumerate(joins, 1):
        first, length = _frames(photos[index]["time"]), _frames(join["duration"])
        wipe = {"resource": str(_wipe_map(scene)), "softness": "0"} if join["type"] == "wipe_left" else {}
        document.join("luma", 0, tracks[index], first, length, **wipe)
        rest = _frames(photos[index]["duration"]) - length
        document.join("composite", 0, tracks[index], first + length, rest, geometry="0/0:100%x100%", progressive=1)
    band = caption_states(scene)[0]
    captions = document.producer(scene.folder / "caption-%02d.png", scene.frame_count, ttl=CAPTION_STEP_FRAMES)
    track = document.track([captions], first=0)
    document.place(track, 0, scene.frame_count, f"{band.x}/{band.y}:{band.width}x{band.height}")
    _add_music(document, mixed=False)
    return document


def _growing(length: int) -> str:
    """The canvas at the first frame; 1.2 times as large, about its centre, one frame after the last."""
    share = (length - 1) / length
    edge, size = -10 * share, 100 + 20 * share
    return f"0=0 0 100% 100% 1;{length - 1}={edge:.4f}% {edge:.4f}% {size:.4f}% {size:.4f}% 1"


def _wipe_map(scene: Scene) -> Path:
    """A luma map, dark where the new picture appears first: at the right."""
    ramp = np.linspace(255, 0, scene.width).astype(np.uint8)
    path = scene.folder / "wipe-left.pgm"
    cv2.imwrite(str(path), np.repeat(ramp[None, :], scene.height, axis=0))
    return path


def s4(scene: Scene) -> Document:
    """Colour, blur, RGB split, vignette and grain over one clip, with the same kernels as the ffmpeg graph."""
    document = Document(scene)
    clip = document.clip(scene.element("clip"))
    shift = round(4 * scene.height / 720)
    _filter(clip, "avfilter.eq", **{"av.brightness": 0.05, "av.contrast": 1.2, "av.saturation": 1.3})
    _filter(clip, "avfilter.gblur", **{"av.sigma": 2 * scene.height / 720})
    _filter(clip, "avfilter.rgbashift", **{"av.rh": shift, "av.bh": -shift})
    _filter(clip, "avfilter.vignette")
    _filter(clip, "avfilter.noise", **{"av.c0s": "7", "av.c0f": "t"})
    document.track([clip], first=0)
    return document


def s5(scene: Scene) -> Document:
    """Stills with captions, hard cuts."""
    document = Document(scene)
    stills, texts = scene.of_type("image"), scene.of_type("text")
    begins = [int(-(-still["time"] * FRAME_RATE // 1)) for still in stills] + [scene.frame_count]
    lengths = [stop - begin for begin, stop in pairwise(begins)]
    shown = [document.producer(still["source_url"], n) for still, n in zip(stills, lengths, strict=True)]
    document.track(shown, first=0)
    for index, text in enumerate(texts):
        piece = text_piece(scene, [text], f"caption{index}")
        track = document.track([document.producer(piece.path, lengths[index])], begins[index])
        document.place(track, begins[index], lengths[index], f"{piece.x}/{piece.y}:{piece.width}x{piece.height}")
    _add_music(document, mixed=False)
    return document


def s6(scene: Scene) -> Document:
    """Hard cuts and nothing else."""
    document = Document(scene)
    document.track([document.clip(cut) for cut in scene.of_type("video")], first=0)
    return document


DOCUMENTS: dict[str, Callable[[Scene], Document]] = {"S1": s1, "S2": s2, "S3": s3, "S4": s4, "S5": s5, "S6": s6}


def command(scene: Scene, output: Path) -> list[str]:
    """The melt command that renders `scene` to `output`."""
    document = DOCUMENTS[scene.name](scene).write()
    return ["melt", "-silent", str(document), "-consumer", f"avformat:{output}", *CONSUMER]
