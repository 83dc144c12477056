"""Feeders: one thread a source decodes and converts ahead of the composition, each source frame once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from gpu_tasks.ahead import Ahead
from gpu_tasks.devices import cores
from gpu_tasks.engine.convert import Converter, Target
from gpu_tasks.engine.drawlist import Scene
from gpu_tasks.engine.executors import Deliver
from gpu_tasks.engine.looks import reach_frames
from gpu_tasks.engine.picture import Picture, raster_scale
from gpu_tasks.engine.surface import Surface
from gpu_tasks.media.decode import VideoReader
from gpu_tasks.timeline.plan import Clip
from gpu_tasks.timeline.request import VideoElement
from gpu_tasks.timeline.transforms import Affine
from gpu_tasks.timeline.values import exact

QUEUE_DEPTH = 4
LEAD_FRAMES = 24
KEPT_CONVERTERS = 8
"""A converter holds tables of a megabyte or two; cuts that are placed alike share one."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Output frame `frame` needs the clip at `position` as it is at source second `time_s`.

    `beside` are the positions of all clips of the track that the frame needs. `is_prelude`: nobody will take it, but
    the look of a frame to come depends on it.
    """

    frame: int
    position: int
    time_s: Fraction
    beside: tuple[int, ...]
    is_prelude: bool = False


@dataclass(slots=True)
class Track:
    """Clips of one source that one reader can serve: never two different times at once."""

    source_url: str
    clips: list[int] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)

    @property
    def first(self) -> int:
        return min(first for first, _ in self.ranges)


class Feeders:
    """The pictures of all videos of a scene, in the order in which its frames need them."""

    def __init__(
        self, scene: Scene, paths: Mapping[str, Path], subsampling: int, deliverer: Callable[[], Deliver]
    ) -> None:
        self._scene = scene
        self._paths = paths
        self._deliverer = deliverer
        self._subsampling = subsampling
        self._waiting = sorted(_tracks(scene), key=lambda track: track.first)
        # Frame threads cost a decoder some 5 % more CPU time, and gain nothing where encoding fills the other core.
        self._threads = 2 if len(self._waiting) == 1 and cores() > 2 else 1
        self._running: dict[int, Feeder] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for feeder in set(self._running.values()):
            feeder.stop()

    def prepare(self, frame: int) -> None:
        """Start the feeders that will be needed soon after `frame`, stop those that are done."""
        while self._waiting and self._waiting[0].first <= frame + LEAD_FRAMES:
            track = self._waiting.pop(0)
            path, deliver = self._paths[track.source_url], self._deliverer()
            feeder = Feeder(self._scene, track, path, self._subsampling, self._threads, deliver)
            self._running.update(dict.fromkeys(track.clips, feeder))
        for position, feeder in list(self._running.items()):
            if feeder.last < frame:
                feeder.stop()
                del self._running[position]

    def take(self, frame: int, position: int) -> Picture:
        """The picture of a clip at a frame. Frames must be asked for in order, each once."""
        return self._running[position].take(frame, position)


class Feeder:
    """The thread behind one track."""

    def __init__(
        self, scene: Scene, track: Track, path: Path, subsampling: int, threads: int, deliver: Deliver
    ) -> None:
        self.last = max(stop for _, stop in track.ranges) - 1
        self._scene = scene
        self._track = track
        self._path = path
        self._subsampling = subsampling
        self._decoder_threads = threads
        self._deliver = deliver
        rate = scene.canvas.frame_rate
        self._reaches = {p: reach_frames(scene.plan.clips[p].element, rate) for p in track.clips}
        self._ahead = Ahead(f"feeder-{track.clips[0]}", self._pictures, QUEUE_DEPTH)

    def take(self, frame: int, position: int) -> Picture:
        for demand, picture in self._ahead:
            if (demand.frame, demand.position) == (frame, position):
                return picture
        raise RuntimeError(f"frame {frame} was not planned of {self._track.source_url}")

    def stop(self) -> None:
        self._ahead.stop()

    def _pictures(self) -> Iterator[tuple[Demand, Picture]]:
        source = self._clip(self._track.clips[0]).source
        assert source is not None
        label = self._track.source_url
        with VideoReader(self._path, label, threads=self._decoder_threads, alpha=source.has_alpha) as reader:
            made: dict[int, Picture] = {}
            past = _Past(self._reaches)
            converter_for = lru_cache(KEPT_CONVERTERS)(partial(Converter, source))
            for demand, following in _with_next(self._demands()):
                shot = reader.shot_at(demand.time_s)
                key = (label, demand.position, shot.time_s)
                picture = made.get(demand.position)
                if picture is None or picture.key != key:
                    surface = converter_for(self._target(demand.position)).convert(shot.frame)
                    to_outline = self._to_outline(demand.position, surface)
                    exclusive = not self._reaches[demand.position] and not _shown_again(reader, demand, following)
                    picture = self._deliver(Picture(key, surface, to_outline, exclusive))
                    made = {p: kept for p, kept in made.items() if p in demand.beside} | {demand.position: picture}
                with_past = past.remember(demand, picture)
                if not demand.is_prelude:
                    yield demand, with_past

    def _demands(self) -> Iterator[Demand]:
        """What the spans need of this track, frame by frame."""
        shown: dict[int, int] = {}
        for span in self._scene.spans:
            needed = tuple(p for p in self._scene.clips_of(span) if p in self._track.clips)
            for frame in range(span.first, span.stop) if needed else ():
                for position in needed:
                    yield from self._prelude(position, frame, shown.get(position), needed)
                    yield self._demand(frame, position, needed)
                    shown[position] = frame

    def _prelude(self, position: int, frame: int, last: int | None, needed: tuple[int, ...]) -> Iterator[Demand]:
        """The frames before `frame` that its look depends on and that have not just been shown."""
        first = first_needed(self._scene, position, frame)
        for past in range(first if last is None else max(first, last + 1), frame):
            yield replace(self._demand(past, position, needed), is_prelude=True)

    def _demand(self, frame: int, position: int, needed: tuple[int, ...]) -> Demand:
        time_s = self._clip(position).source_time_s(Fraction(frame, self._scene.canvas.frame_rate))
        return Demand(frame, position, time_s, needed)

    def _clip(self, position: int) -> Clip:
        return self._scene.plan.clips[position]

    def _target(self, position: int) -> Target:
        place, scale = self._scene.placements[position], raster_scale(self._clip(position))
        size = (max(1, round(place.width * scale)), max(1, round(place.height * scale)))
        return Target(place, *size, self._subsampling)

    def _to_outline(self, position: int, surface: Surface) -> Affine:
        place = self._scene.placements[position]
        return Affine(a=place.width / surface.width, e=place.height / surface.height)


class _Past:
    """The last pictures of each clip, as far back as its look reaches."""

    def __init__(self, reaches: Mapping[int, int]) -> None:
        self._reaches = reaches
        self._frames: dict[int, dict[int, Picture]] = {}

    def remember(self, demand: Demand, picture: Picture) -> Picture:
        """Keep the picture; returns it with those of the frames before."""
        reach = self._reaches[demand.position]
        if not reach:
            return picture
        frames = self._frames.setdefault(demand.position, {})
        earlier = tuple(self._at(frames, demand.frame - n) for n in range(1, reach + 1) if frames)
        self._frames[demand.position] = {f: p for f, p in frames.items() if f > demand.frame - reach}
        self._frames[demand.position][demand.frame] = picture
        return replace(picture, earlier=earlier)

    def _at(self, frames: Mapping[int, Picture], frame: int) -> Picture:
        """Before the clip's first frame lies its first frame."""
        return frames[max(frame, min(frames))]


def first_needed(scene: Scene, position: int, frame: int) -> int:
    """The earliest frame that the look of a clip at `frame` depends on."""
    clip, rate = scene.plan.clips[position], scene.canvas.frame_rate
    reach = reach_frames(clip.element, rate)
    return max(frame - reach, min(scene.canvas.frame_at(clip.start_s), frame))


def _shown_again(reader: VideoReader, demand: Demand, following: Demand | None) -> bool:
    """Whether the next demand needs the same source frame once more."""
    return following is not None and following.time_s >= demand.time_s and reader.holds_at(following.time_s)


def _with_next(demands: Iterator[Demand]) -> Iterator[tuple[Demand, Demand | None]]:
    current = next(demands, None)
    while current is not None:
        following = next(demands, None)
        yield current, following
        current = following


def _tracks(scene: Scene) -> list[Track]:
    """Share readers: cuts of one source that never overlap, or that show the same moment whenever they do."""
    tracks: list[Track] = []
    for position, (first, stop) in sorted(_used_ranges(scene).items(), key=lambda entry: entry[1]):
        element = scene.plan.clips[position].element
        assert isinstance(element, VideoElement)
        track = next((t for t in tracks if _fits(scene, t, position, (first, stop))), None)
        if track is None:
            track = Track(element.source_url)
            tracks.append(track)
        track.clips.append(position)
        track.ranges.append((first, stop))
    return tracks


def _used_ranges(scene: Scene) -> dict[int, tuple[int, int]]:
    used: dict[int, tuple[int, int]] = {}
    for span in scene.spans:
        for position in scene.clips_of(span):
            if isinstance(scene.plan.clips[position].element, VideoElement):
                first, _ = used.get(position, (first_needed(scene, position, span.first), span.stop))
                used[position] = (first, span.stop)
    return used


def _fits(scene: Scene, track: Track, position: int, frames: tuple[int, int]) -> bool:
    clip = scene.plan.clips[position]
    assert isinstance(clip.element, VideoElement)
    if clip.element.source_url != track.source_url:
        return False
    apart = all(frames[0] >= stop or frames[1] <= first for first, stop in track.ranges)
    return apart or all(_same_moment(clip, scene.plan.clips[other]) for other in track.clips)


def _same_moment(one: Clip, other: Clip) -> bool:
    """Whether two clips of one source always show the same source second."""
    a, b = one.element, other.element
    assert isinstance(a, VideoElement)
    assert isinstance(b, VideoElement)
    offset_a = exact(a.in_point) - exact(a.time) * exact(a.speed)
    offset_b = exact(b.in_point) - exact(b.time) * exact(b.speed)
    return (a.speed, offset_a, one.hold_s) == (b.speed, offset_b, other.hold_s)
