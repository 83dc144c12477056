"""CPU time of composing and of encoding, threads of decoders and of the encoder included."""

import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import av

from benchmarks.costs.scenes import CLIPS, FRAME_RATE, FRAMES, SIZE, Payload, plain_film
from gpu_tasks.engine.executors import HostExecutor
from gpu_tasks.engine.render import FrameSource
from gpu_tasks.media.encode import FilmSpec, FilmWriter
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan

WARM_UP_FRAMES = 8
Paths = Mapping[str, Path]


def composing_ms(payload: Payload, paths: Paths) -> float:
    """CPU milliseconds for each frame of a film, without its first ones, for which tables and buffers are made."""
    request = parse_render(payload, local_sources=True)
    plan = make_plan(request, {url: probe(paths[url]) for url in request.source_urls()})
    frames = iter(FrameSource(plan, paths, "yuv420p", executor=HostExecutor()))
    for _ in range(WARM_UP_FRAMES):
        next(frames)
    began = time.process_time()
    count = sum(1 for _ in frames)
    return 1000 * (time.process_time() - began) / count


def encoding_ms(paths: Paths) -> float:
    """CPU milliseconds for each frame of encoding the plain clip as films are encoded: x264 veryfast, crf 23."""
    with av.open(str(paths[f"{CLIPS[0]}.mp4"])) as container:
        frames = [frame for frame, _ in zip(container.decode(video=0), range(FRAMES), strict=False)]
    spec = FilmSpec("mp4", *SIZE, FRAME_RATE, frame_count=FRAMES)
    with tempfile.TemporaryDirectory() as folder:
        began = time.process_time()
        with FilmWriter(Path(folder) / "film.mp4", spec) as writer:
            for index, frame in enumerate(frames):
                writer.write_frame(frame, index)
        return 1000 * (time.process_time() - began) / FRAMES


class Baselines:
    """What encoding a frame and decoding the clips costs, measured again and again between the entries."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._encoding_ms: list[float] = []
        self._decoding_ms: dict[str, list[float]] = {name: [] for name in CLIPS}

    def measure(self) -> None:
        self._encoding_ms.append(encoding_ms(self._paths))
        for name, found in self._decoding_ms.items():
            found.append(composing_ms(plain_film(name), self._paths))

    @property
    def encoding_ms(self) -> float:
        """Of one frame."""
        return min(self._encoding_ms)

    def decoding_ms(self, *names: str) -> float:
        """Of one frame of each of the clips together."""
        return sum(min(self._decoding_ms[name]) for name in names)

    @property
    def spread(self) -> float:
        """Largest over smallest cost of encoding: how far this run may be trusted."""
        return max(self._encoding_ms) / min(self._encoding_ms)
