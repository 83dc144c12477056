"""The pipeline: feeders decode, one thread composes, this one encodes, and sound mixes beside them."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

import av
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.ahead import Ahead
from gpu_tasks.devices import cores, h264_encoder
from gpu_tasks.engine.compose import Compositor
from gpu_tasks.engine.drawlist import Draw, Scene
from gpu_tasks.engine.executors import FRAMES_IN_USE, Executor, Finished, in_order, machine_executor
from gpu_tasks.engine.feeders import Feeders
from gpu_tasks.engine.looks import Looks
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.still_runs import still_runs
from gpu_tasks.engine.stills import Stills
from gpu_tasks.media.encode import FilmSpec, FilmWriter
from gpu_tasks.media.encode_settings import OutputFormat
from gpu_tasks.media.fonts import FontCatalogue
from gpu_tasks.media.mix import SAMPLE_RATE_HZ, mix
from gpu_tasks.timeline.geometry import Placement
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.spans import plan_spans

if TYPE_CHECKING:
    from gpu_tasks.engine.text.lettering import Lettering

AudioBlock = NDArray[np.float32]
Progress = Callable[[str, int], None]
"""Called with a stage of the contract (`compositing`, `encoding`) and its percentage, 0-100, never falling."""

SOUNDLESS_FORMATS = frozenset({"gif", "png", "jpg"})


@dataclass(frozen=True, slots=True)
class Film:
    """What was rendered."""

    width: int
    height: int
    duration_s: float
    frame_count: int
    size_bytes: int
    has_audio: bool
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def render(
    plan: Plan,
    paths: Mapping[str, Path],
    output: Path,
    progress: Progress = lambda stage, percent: None,
    fonts: FontCatalogue | None = None,
    executor: Executor | None = None,
) -> Film:
    """Render a plan into a file. `paths` maps source URLs to local files. Raises JobFailed.

    `executor` is where frames are composed, by default the best that this machine has.
    """
    canvas = plan.canvas
    has_audio = bool(plan.sounds) and canvas.output_format not in SOUNDLESS_FORMATS
    spec = FilmSpec(
        output_format=cast(OutputFormat, canvas.output_format),
        width=canvas.width,
        height=canvas.height,
        frame_rate=canvas.frame_rate,
        alpha=canvas.alpha,
        has_audio=has_audio,
        frame_count=canvas.frame_count,
        h264_encoder=h264_encoder(),
        # x264 by itself takes half as many threads again as there are cores; on few cores that only costs.
        threads=2 if canvas.output_format == "mp4" and cores() <= 2 else None,
    )
    progress("compositing", 0)
    with FilmWriter(output, spec) as writer, _Sound(plan, paths, enabled=has_audio) as sound:
        frames = FrameSource(plan, paths, writer.pixel_format, fonts, executor)
        written = 0
        with Ahead("composition", frames.runs, FRAMES_IN_USE - 2) as composed:
            for frame, count in composed:
                writer.write_frame(frame, written, count)
                written += count
                for block in sound.until(Fraction(written, canvas.frame_rate)):
                    writer.write_audio(block)
                progress("encoding", 100 * written // canvas.frame_count)
    return Film(
        writer.width,
        writer.height,
        float(canvas.duration_s),
        canvas.frame_count,
        output.stat().st_size,
        has_audio,
        frames.warnings,
    )


def frame_range(plan: Plan, first: int, stop: int) -> Plan:
    """The plan of frames [first, stop) alone; they come out as they are in the whole film. Without sound."""
    canvas = replace(plan.canvas, first_frame=plan.canvas.first_frame + first, frame_count=stop - first)
    return replace(plan, canvas=canvas, spans=plan_spans(canvas, plan.clips, plan.joins), sounds=())


class FrameSource:
    """Iterates over the composed frames of a plan; each is valid until FRAMES_IN_USE - 1 more are composed."""

    def __init__(
        self,
        plan: Plan,
        paths: Mapping[str, Path],
        pixel_format: str,
        fonts: FontCatalogue | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._paths = paths
        self._pixel_format = pixel_format
        self._subsampling = 1 if "444" in pixel_format else 2
        self._executor = executor or machine_executor()
        self._stills = Stills(plan, paths, self._subsampling, fonts, self._executor.deliverer())
        placements = self._placements(plan)
        self._scene = Scene(plan, placements, self._letters(placements))
        self._looks = Looks(plan, paths, self._executor.kernels)
        self.warnings: tuple[str, ...] = tuple(self._stills.warnings)

    def __iter__(self) -> Iterator[av.VideoFrame]:
        for frame, count in self.runs():
            for _ in range(count):
                yield frame

    def runs(self) -> Iterator[tuple[av.VideoFrame, int]]:
        """The composed frames, each with the number of times that it is shown in a row."""
        counts: deque[int] = deque()
        for frame in in_order(self._finished(counts), self._executor.lag):
            yield frame, counts.popleft()

    def _finished(self, counts: deque[int]) -> Iterator[Finished]:
        """Notes in `counts` how often each frame is shown, as it composes it."""
        compositor = Compositor(self._scene, self._pixel_format, self._executor)
        with Feeders(self._scene, self._paths, self._subsampling, self._executor.deliverer) as feeders:
            for span in self._scene.spans:
                self._looks.keep_only(set(self._scene.clips_of(span)))
                for frame, items, count in still_runs(self._scene, span, self._looks.is_animated):
                    feeders.prepare(frame)
                    counts.append(count)
                    yield compositor.begin(items, self._fetch(frame, feeders))

    def _fetch(self, frame: int, feeders: Feeders) -> Callable[[Draw], Picture]:
        def fetch(draw: Draw) -> Picture:
            if draw.time_s is None:
                picture = self._stills.picture(draw.clip, self._scene.placements[draw.clip], draw.pieces)
            else:
                picture = feeders.take(frame, draw.clip)
            return self._looks.apply(draw, picture)

        return fetch

    def _placements(self, plan: Plan) -> dict[int, Placement]:
        shown = {position for span in plan.spans for position in _positions(plan, span.items)}
        places = ((position, self._stills.place(position)) for position in sorted(shown))
        return {position: place for position, place in places if place is not None}

    def _letters(self, placements: Mapping[int, Placement]) -> dict[int, "Lettering"]:
        found = ((position, self._stills.letters(position, place)) for position, place in placements.items())
        return {position: letters for position, letters in found if letters is not None}


def _positions(plan: Plan, items: tuple[Any, ...]) -> Iterator[int]:
    for item in items:
        pair = (item,) if isinstance(item, int) else (item.outgoing, item.incoming)
        yield from (position for position in pair if position is not None)


class _Sound:
    """The mix, a bounded number of blocks ahead of the picture."""

    DEPTH = 16

    def __init__(self, plan: Plan, paths: Mapping[str, Path], *, enabled: bool) -> None:
        self._mixed_samples = 0
        self._blocks: Ahead[AudioBlock] | None = None
        if enabled:
            self._blocks = Ahead("sound", lambda: mix(plan.sounds, paths, plan.canvas.duration_s), self.DEPTH)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._blocks is not None:
            self._blocks.stop()

    def until(self, time_s: Fraction) -> Iterator[AudioBlock]:
        """The blocks that begin before `time_s`, in order."""
        while self._blocks is not None and self._mixed_samples < time_s * SAMPLE_RATE_HZ:
            block = next(self._blocks, None)
            if block is None:
                return
            self._mixed_samples += len(block)
            yield block
