"""Looks: what is done to an element's pixels before they are placed: colour, LUT, effects, key, overlay.

The stages of a clip run one after the other at the size at which it is shown, each in memory of its own that is
used again for every frame. A look that does not move is computed once for each picture.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol

from gpu_tasks.engine.colour import colour_stages, lut_stage
from gpu_tasks.engine.drawlist import Draw
from gpu_tasks.engine.effects import EFFECTS, Moment
from gpu_tasks.engine.effects.base import REFERENCE_LINES, Effect
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.premultiplication import premultiplied, straightened
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.timeline.plan import Canvas, Clip, Plan
from gpu_tasks.timeline.request import ChromaSettings, TextElement, VisualElement
from gpu_tasks.timeline.request import Effect as EffectEntry
from gpu_tasks.timeline.values import Rgba, parse_color

KEY_EFFECT = "chroma_key"
_NO_CHROMA = ChromaSettings.model_construct()


class Stage(Protocol):
    """One step of a look; `Effect` says what its attributes mean."""

    @property
    def animated(self) -> bool: ...
    @property
    def straight(self) -> bool: ...
    def apply(self, picture: Surface, moment: Moment, /) -> Surface: ...


@dataclass(frozen=True, slots=True)
class EffectStage:
    """An effect of the catalogue at its intensity."""

    effect: Effect
    entry: EffectEntry

    @property
    def animated(self) -> bool:
        return self.effect.animated

    @property
    def straight(self) -> bool:
        return self.effect.straight

    def apply(self, picture: Surface, moment: Moment, /) -> Surface:
        return self.effect.apply(picture, self.entry.intensity / 100, moment)


@dataclass(frozen=True, slots=True)
class OverlayStage:
    """A colour painted over everything that is opaque."""

    color: Rgba
    animated: bool = False
    straight: bool = False

    def apply(self, picture: Surface, moment: Moment, /) -> Surface:
        out = moment.scratch.surface("overlaid", picture)
        out.copy_alpha_from(picture)
        values, amount = yuv_of(*self.color[:3]), self.color[3] / 255
        for (plane, _, _), alpha, value, (target, _, _) in zip(
            picture.planes(), picture.alphas(), values, out.planes(), strict=True
        ):
            moment.k.toward(plane, alpha, value, amount, target)
        return out


def reach_frames(element: VisualElement, frame_rate: int) -> int:
    """How many earlier frames of its source an element's look depends on."""
    if isinstance(element, TextElement):
        return 0
    return sum(EFFECTS[e.type].reach_frames(frame_rate) for e in element.effects if e.intensity)


def stages_of(element: VisualElement, paths: Mapping[str, Path]) -> list[Stage]:
    """The stages of an element's look in the order in which they apply."""
    stages: list[Stage] = []
    if not isinstance(element, TextElement):
        stages += colour_stages(element)
        if element.lut_url and element.lut_intensity:
            stages.append(lut_stage(paths[element.lut_url], element.lut_intensity / 100))
        effects = sorted((e for e in element.effects if e.intensity), key=lambda e: e.type == KEY_EFFECT)
        stages += [EffectStage(EFFECTS[entry.type], entry) for entry in effects]
    if element.color_overlay and parse_color(element.color_overlay)[3]:
        stages.append(OverlayStage(parse_color(element.color_overlay)))
    return stages


class Looks:
    """The looks of all clips of a plan. `paths` maps the URLs of LUTs to local files."""

    def __init__(self, plan: Plan, paths: Mapping[str, Path], kernels: Kernels) -> None:
        self._plan = plan
        self._paths = paths
        self._kernels = kernels
        self._looks: dict[int, Look | None] = {}

    def apply(self, draw: Draw, picture: Picture) -> Picture:
        """The picture of a draw as it looks; the picture itself where nothing is done to it."""
        look = self._of(draw.clip)
        return picture if look is None else look.apply(draw.frame, picture)

    def is_animated(self, clip: int) -> bool:
        """Whether a clip looks different from frame to frame even where it is a still."""
        look = self._of(clip)
        return look is not None and look.is_animated

    def _of(self, clip: int) -> "Look | None":
        if clip not in self._looks:
            self._looks[clip] = self._look(self._plan.clips[clip], clip)
        return self._looks[clip]

    def keep_only(self, clips: set[int]) -> None:
        """Free the memory of all other clips."""
        self._looks = {clip: look for clip, look in self._looks.items() if clip in clips}

    def _look(self, clip: Clip, position: int) -> "Look | None":
        stages = stages_of(clip.element, self._paths)
        if not stages:
            return None
        return Look(stages, clip, str(clip.element.id or position), self._plan.canvas, self._kernels)


@dataclass
class _Memory:
    """What a stage that looks back has been given, frame by frame, in a ring of surfaces."""

    scratch: Scratch
    size: int
    frames: dict[int, tuple[Hashable, Surface]] = field(default_factory=dict)

    def find(self, frame: int, key: Hashable) -> Surface | None:
        entry = self.frames.get(frame % self.size)
        return entry[1] if entry is not None and entry[0] == (frame, key) else None

    def keep(self, frame: int, key: Hashable, surface: Surface) -> Surface:
        slot = frame % self.size
        copy = self.scratch.surface(f"kept-{slot}", surface)
        copy.copy_from(surface)
        self.frames[slot] = ((frame, key), copy)
        return copy


class Look:
    """The stages of one clip and their memory."""

    def __init__(self, stages: list[Stage], clip: Clip, name: str, canvas: Canvas, kernels: Kernels) -> None:
        self._stages = stages
        self._element = clip.element
        self._name = name
        self._rate = canvas.frame_rate
        self._first = canvas.frame_at(clip.start_s)
        self._start_s = float(clip.start_s)
        self._kernels = kernels
        self._scratches = [Scratch(kernels) for _ in stages]
        self.is_animated = any(stage.animated for stage in stages)
        self._memories = {i: _Memory(Scratch(kernels), self._reach_before(i) + 1) for i in self._looking_back()}
        self._last: tuple[Hashable, Picture] | None = None

    def apply(self, frame: int, picture: Picture) -> Picture:
        """The picture of frame `frame` after all stages. It is valid until the next call."""
        moving = frame if self.is_animated else None
        key = ("look", picture.key, moving, tuple(earlier.key for earlier in picture.earlier))
        if self._last is None or self._last[0] != key:
            surface = self._output(len(self._stages), frame, frame, picture)
            self._last = (key, Picture(key, surface, picture.to_outline))
        return self._last[1]

    def _looking_back(self) -> list[int]:
        """The stages whose effect asks for earlier frames."""
        return [i for i, stage in enumerate(self._stages) if self._reach(stage)]

    def _reach(self, stage: Stage) -> int:
        return stage.effect.reach_frames(self._rate) if isinstance(stage, EffectStage) else 0

    def _reach_before(self, index: int) -> int:
        """How far back the input of a stage is asked for: its own reach, and that of those after it."""
        return sum(self._reach(stage) for stage in self._stages[index:])

    def _output(self, count: int, frame: int, now: int, picture: Picture) -> Surface:
        """The picture of `frame` (at most `now`, the frame of `picture`) after the first `count` stages."""
        frame = max(frame, min(self._first, now))
        source = _source(picture, now - frame)
        if count == 0:
            return source.surface
        memory = self._memories.get(count)
        if memory is not None and (kept := memory.find(frame, source.key)) is not None:
            return kept
        given = self._output(count - 1, frame, now, picture)
        made = self._run(count - 1, given, frame, lambda n: self._output(count - 1, frame - n, now, picture))
        return made if memory is None else memory.keep(frame, source.key, made)

    def _run(self, index: int, given: Surface, frame: int, earlier: Callable[[int], Surface]) -> Surface:
        stage, scratch = self._stages[index], self._scratches[index]
        straight = stage.straight and not given.is_opaque
        if straight:
            given = straightened(self._kernels, scratch, given)
            earlier = partial(_straight_earlier, self._kernels, scratch, earlier)
        made = stage.apply(given, self._moment(stage, scratch, given, frame, earlier))
        return premultiplied(self._kernels, scratch, made) if straight else made

    def _moment(
        self, stage: Stage, scratch: Scratch, given: Surface, frame: int, earlier: Callable[[int], Surface]
    ) -> Moment:
        chroma = stage.entry.chroma_settings if isinstance(stage, EffectStage) else None
        return Moment(
            self._kernels,
            scratch,
            frame,
            frame / self._rate - self._start_s,
            self._rate,
            self._name,
            min(given.width, given.height) / REFERENCE_LINES,
            earlier,
            chroma or _NO_CHROMA,
        )


def _source(picture: Picture, back: int) -> Picture:
    """The source picture some frames ago; a still, or a source that is not held that long, stays as it is."""
    return picture if back == 0 or not picture.earlier else picture.earlier[min(back, len(picture.earlier)) - 1]


def _straight_earlier(k: Kernels, scratch: Scratch, earlier: Callable[[int], Surface], frames_ago: int) -> Surface:
    return straightened(k, scratch, earlier(frames_ago), f"straight-{frames_ago}")
