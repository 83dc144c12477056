"""The scenes as ffmpeg filter graphs, written to do no needless work.

Stills and lettering are decoded once and repeated by reference, overlays stay in 4:2:0 and inside their own rectangle,
clips are cut at the input, so that nothing before the cut is filtered. RGB pictures enter through BT.709.
"""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.render.pieces import caption_states, rounded_mask, text_piece
from benchmarks.render.scene import FRAME_RATE, Scene

VIDEO_OUT = shlex.split(
    "-c:v libx264 -preset veryfast -crf 23 -pix_fmt yuv420p -r 30 "
    "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv"
)
AUDIO_OUT = shlex.split("-c:a aac -b:a 128k -ar 48000 -ac 2")
START = shlex.split("ffmpeg -nostdin -hide_banner -loglevel error -y")
PICTURE_709 = "out_color_matrix=bt709:out_range=tv"
PHOTO_709 = f"in_color_matrix=bt601:in_range=pc:{PICTURE_709}"
EASE_IN_OUT_ROUNDS = 4


class Graph:
    """Collects inputs and filter chains; labels of inputs are their numbers."""

    def __init__(self) -> None:
        self.inputs: list[str] = []
        self.chains: list[str] = []
        self._count = 0

    def input(self, path: str | Path, *options: str) -> int:
        self.inputs += [*options, "-i", str(path)]
        self._count += 1
        return self._count - 1

    def clip(self, element: dict[str, Any]) -> int:
        """A trimmed clip: the demuxer seeks to the keyframe, the decoder drops up to the in-point."""
        begin, end = element.get("in_point", 0), element["out_point"]
        return self.input(element["source_url"], "-ss", f"{begin}", "-t", f"{end - begin:.6f}")

    def add(self, chain: str) -> None:
        self.chains.append(chain)

    def command(self, video: str, audio: str | None, output: list[str]) -> list[str]:
        mapped = ["-map", video, *(["-map", audio] if audio else [])]
        return [*START, *self.inputs, "-filter_complex", ";".join(self.chains), *mapped, *output]


def _overlay(below: str, above: str, x: str, y: str, out: str, extra: str = "") -> str:
    return f"[{below}][{above}]overlay=x='{x}':y='{y}':format=yuv420{extra}[{out}]"


def _shown(element: dict[str, Any]) -> str:
    begin = element["time"]
    return f":enable='gte(t,{begin})*lt(t,{begin + element['duration']})'"


def _picture(graph: Graph, path: str | Path, label: str, size: tuple[int, int] | None = None) -> None:
    scale = f"{size[0]}:{size[1]}:flags=bicubic:{PICTURE_709}" if size else PICTURE_709
    graph.add(f"[{graph.input(path)}:v]scale={scale},format=yuva420p[{label}]")


def s1(scene: Scene) -> tuple[Graph, str, str | None]:
    """A clip under a title and a logo."""
    graph = Graph()
    clip = graph.clip(scene.element("clip"))
    logo, title = scene.element("logo"), scene.element("title")
    size, piece = round(logo["width"]), text_piece(scene, [title], "title")
    graph.add(f"[{clip}:v]scale={scene.width}:{scene.height}:flags=bicubic[base]")
    _picture(graph, logo["source_url"], "logo", (size, size))
    _picture(graph, piece.path, "title")
    graph.add(_overlay("base", "logo", f"{round(logo['x']) - size}", f"{round(logo['y'])}", "marked"))
    graph.add(_overlay("marked", "title", f"{piece.x}", f"{piece.y}", "out", _shown(title)))
    return graph, "[out]", f"{clip}:a"


def ease_in_out(progress: str) -> str:
    """CSS `ease-in-out` as an expression: the curve's parameter by Newton's method, then its ordinate."""
    solve = f"st(0,clip({progress},0,1));st(1,ld(0));"
    step = "st(1,ld(1)-((1.26-(0.78-0.52*ld(1))*ld(1))*ld(1)-ld(0))/(1.26-(1.56-1.56*ld(1))*ld(1)));"
    return f"{solve}{step * EASE_IN_OUT_ROUNDS}ld(1)*ld(1)*(3-2*ld(1))"


def ease_out(progress: str) -> str:
    """CSS `ease-out`, (0, 0, 0.58, 1): x(s) = 1.74 s² − 0.74 s³, y(s) = 3 s² − 2 s³."""
    solve = f"st(0,clip({progress},0,1));st(1,0.2+0.8*ld(0));"
    step = "st(1,ld(1)-((1.74-0.74*ld(1))*ld(1)*ld(1)-ld(0))/((3.48-2.22*ld(1))*ld(1)));"
    return f"{solve}{step * EASE_IN_OUT_ROUNDS}ld(1)*ld(1)*(3-2*ld(1))"


def s2(scene: Scene) -> tuple[Graph, str, str | None]:
    """Two dissolved clips, a moving rounded inset, a lower third, music."""
    graph = Graph()
    first, second = graph.clip(scene.element("first")), graph.clip(scene.element("second"))
    inset, third, song = scene.element("inset"), scene.element("lower-third"), scene.element("music")
    offset = scene.element("second")["time"]
    size = f"{scene.width}:{scene.height}:flags=bicubic"
    graph.add(f"[{first}:v]scale={size}[a]")
    graph.add(f"[{second}:v]scale={size}[b]")
    graph.add(f"[a][b]xfade=transition=fade:duration=1:offset={offset}[base]")
    width, height = round(scene.width * 0.3), round(scene.height * 0.3)
    mask = graph.input(rounded_mask(scene, width, height, inset["border_radius"]))
    graph.add(f"[{graph.clip(inset)}:v]scale={width}:{height}:flags=bicubic,format=yuva420p[small]")
    graph.add(f"[{mask}:v]format=gray[mask];[small][mask]alphamerge[inset]")
    x, travel = round(inset["x"]), round(inset["x"]) + width
    path = f"{x - travel}+{travel}*({ease_in_out('t/10')})"
    graph.add(_overlay("base", "inset", path, f"{round(inset['y'])}", "with_inset"))
    plate = (round(third["width"]), round(third["height"]))
    _picture(graph, third["source_url"], "third", plate)
    x, travel = round(third["x"]), round(third["x"]) + plate[0]
    path = f"{x - travel}+{travel}*({ease_out('(t-1)/0.6')})"
    graph.add(_overlay("with_inset", "third", path, f"{round(third['y'])}", "out", _shown(third)))
    music = graph.clip(song)
    graph.add(f"[{first}:a][{second}:a]acrossfade=d=1:c1=tri:c2=tri[clips]")
    graph.add(f"[{music}:a]volume=0.4,afade=d=1,afade=t=out:st=9:d=1[music]")
    graph.add("[clips][music]amix=inputs=2:normalize=0[sound]")
    return graph, "[out]", "[sound]"


def s3(scene: Scene) -> tuple[Graph, str, str | None]:
    """Photographs that grow, joined by dissolves and wipes, under captions."""
    graph = Graph()
    photos = scene.of_type("image")
    for index, photo in enumerate(photos):
        source = graph.input(photo["source_url"], "-framerate", str(FRAME_RATE))
        frames = round(photo["duration"] * FRAME_RATE)
        zoom = (
            f"zoompan=z='1+0.2*on/{frames}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2'"
            f":d={frames}:s={scene.width}x{scene.height}:fps={FRAME_RATE}"
        )
        graph.add(f"[{source}:v]scale={PHOTO_709},format=yuv420p,{zoom}[p{index}]")
    shown = "p0"
    for index, join in enumerate(scene.request["transitions"], 1):
        kind = {"cross_dissolve": "fade", "wipe_left": "wipeleft"}[join["type"]]
        offset = photos[index]["time"]
        graph.add(f"[{shown}][p{index}]xfade=transition={kind}:duration={join['duration']}:offset={offset}[x{index}]")
        shown = f"x{index}"
    band = caption_states(scene)[0]
    captions = graph.input(scene.folder / "caption-%02d.png", "-framerate", "2")
    graph.add(f"[{captions}:v]scale={PICTURE_709},format=yuva420p[captions]")
    graph.add(_overlay(shown, "captions", f"{band.x}", f"{band.y}", "out"))
    return graph, "[out]", f"{graph.clip(scene.element('music'))}:a"


def s4(scene: Scene) -> tuple[Graph, str, str | None]:
    """Colour, blur, RGB split, vignette and grain over one clip. Noise strength 7 has a deviation of 7/√3 ≈ 4."""
    graph = Graph()
    clip = graph.clip(scene.element("clip"))
    shift = round(4 * scene.height / 720)
    graph.add(
        f"[{clip}:v]scale={scene.width}:{scene.height}:flags=bicubic,eq=brightness=0.05:contrast=1.2:saturation=1.3,"
        f"gblur=sigma={2 * scene.height / 720},format=gbrp,rgbashift=rh={shift}:bh=-{shift},"
        f"scale={PICTURE_709},format=yuv420p,vignette,noise=c0s=7:c0f=t[out]"
    )
    return graph, "[out]", f"{clip}:a"


def s5(scene: Scene) -> tuple[Graph, str, str | None]:
    """Stills with captions: each is composed once and its one frame repeated by reference."""
    graph = Graph()
    stills, texts = scene.of_type("image"), scene.of_type("text")
    begins = [-(-still["time"] * FRAME_RATE // 1) for still in stills] + [scene.frame_count]
    for index, (still, text) in enumerate(zip(stills, texts, strict=True)):
        frames = int(begins[index + 1] - begins[index])
        source = graph.input(still["source_url"], "-framerate", str(FRAME_RATE))
        piece = text_piece(scene, [text], f"caption{index}")
        _picture(graph, piece.path, f"t{index}")
        graph.add(f"[{source}:v]scale={scene.width}:{scene.height}:flags=bicubic:{PHOTO_709},format=yuv420p[p{index}]")
        graph.add(_overlay(f"p{index}", f"t{index}", f"{piece.x}", f"{piece.y}", f"c{index}"))
        graph.add(f"[c{index}]loop={frames - 1}:1:0,setpts=N/{FRAME_RATE}/TB[s{index}]")
    graph.add("".join(f"[s{index}]" for index in range(len(stills))) + f"concat=n={len(stills)}[out]")
    return graph, "[out]", f"{graph.clip(scene.element('music'))}:a"


def s5_plain(scene: Scene) -> tuple[Graph, str, str | None]:
    """S5 as it is usually written: `-loop 1` inputs and every caption blended onto every frame of its time."""
    graph = Graph()
    stills, texts = scene.of_type("image"), scene.of_type("text")
    for index, still in enumerate(stills):
        looped = ["-loop", "1", "-framerate", str(FRAME_RATE), "-t", f"{still['duration']}"]
        source = graph.input(still["source_url"], *looped)
        graph.add(f"[{source}:v]scale={scene.width}:{scene.height}:flags=bicubic:{PHOTO_709},format=yuv420p[p{index}]")
    graph.add("".join(f"[p{index}]" for index in range(len(stills))) + f"concat=n={len(stills)}[o0]")
    for index, text in enumerate(texts):
        piece = text_piece(scene, [text], f"caption{index}")
        _picture(graph, piece.path, f"t{index}")
        graph.add(_overlay(f"o{index}", f"t{index}", f"{piece.x}", f"{piece.y}", f"o{index + 1}", _shown(text)))
    return graph, f"[o{len(texts)}]", f"{graph.clip(scene.element('music'))}:a"


def s6(scene: Scene) -> tuple[Graph, str, str | None]:
    """Hard cuts and nothing else."""
    graph = Graph()
    cuts = [graph.clip(cut) for cut in scene.of_type("video")]
    graph.add("".join(f"[{cut}:v][{cut}:a]" for cut in cuts) + f"concat=n={len(cuts)}:v=1:a=1[out][sound]")
    return graph, "[out]", "[sound]"


GRAPHS: dict[str, Callable[[Scene], tuple[Graph, str, str | None]]] = {
    "S1": s1,
    "S2": s2,
    "S3": s3,
    "S4": s4,
    "S5": s5,
    "S6": s6,
}


def command(scene: Scene, output: Path) -> list[str]:
    """The ffmpeg command that renders `scene` to `output`."""
    graph, video, audio = GRAPHS[scene.name](scene)
    length = ["-t", f"{scene.duration_s}"]
    return graph.command(video, audio, [*VIDEO_OUT, *AUDIO_OUT, *length, str(output)])


def plain_command(scene: Scene, output: Path) -> list[str]:
    """S5 only: the usual way of writing it."""
    graph, video, audio = s5_plain(scene)
    return graph.command(video, audio, [*VIDEO_OUT, *AUDIO_OUT, "-t", f"{scene.duration_s}", str(output)])


def frames_command(scene: Scene, output: Path) -> list[str]:
    """Writes the frames of `scene` as raw 4:2:0 with its sound beside them, as (`output`.yuv, `output`.wav)."""
    graph, video, audio = GRAPHS[scene.name](scene)
    length = ["-t", f"{scene.duration_s}"]
    raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-r", str(FRAME_RATE), *length, f"{output}.yuv"]
    mapped = ["-map", audio, *length, f"{output}.wav"] if audio else []
    return [*graph.command(video, None, raw), *mapped]


def encode_command(scene: Scene, frames: Path, output: Path) -> list[str]:
    """Encodes what `frames_command` wrote and does nothing else."""
    size = f"{scene.width}x{scene.height}"
    raw = f"-f rawvideo -pix_fmt yuv420p -s {size} -r {FRAME_RATE} -i {frames}.yuv -i {frames}.wav".split()
    return [*START, *raw, *VIDEO_OUT, *AUDIO_OUT, str(output)]


def transcode_command(scene: Scene, output: Path) -> list[str]:
    """Decodes, scales and encodes the scene's main clip for the scene's length: no composition at all."""
    graph = Graph()
    clip = scene.of_type("video")[0]
    begin = clip.get("in_point", 0)
    source = graph.clip({**clip, "out_point": begin + scene.duration_s})
    graph.add(f"[{source}:v]scale={scene.width}:{scene.height}:flags=bicubic[out]")
    return graph.command("[out]", f"{source}:a", [*VIDEO_OUT, *AUDIO_OUT, str(output)])
