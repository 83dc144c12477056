"""Draw lists become frames, and what has not changed is not computed again."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace

import av

from gpu_tasks.engine.drawlist import Draw, Item, Mix, Scene
from gpu_tasks.engine.executors import Executor, Finished, HostExecutor, HostFrame, new_surface
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.paint import Painter, hides_canvas
from gpu_tasks.engine.picture import IDENTITY, Picture
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface, view_of
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing, Rect
from gpu_tasks.timeline.request import TextElement

Fetch = Callable[[Draw], Picture]
"""Gives the picture of a draw at the frame being composed. Called once for every draw of a frame, in order."""


class Compositor:
    """Composes the frames of a scene in order. The frame it returns is valid until the next call."""

    def __init__(self, scene: Scene, pixel_format: str, executor: Executor | None = None) -> None:
        canvas, executor = scene.canvas, executor or HostExecutor()
        self._scene = scene
        self._k = executor.kernels
        self._subsampling = 1 if "444" in pixel_format else 2
        self._alpha = canvas.alpha
        self._background = _premultiplied_background(canvas.background, alpha=canvas.alpha)
        self._painter = Painter(canvas.size, self._k)
        self._output = executor.output(canvas, pixel_format)
        self._shown: tuple[Hashable, Finished] | None = None
        self._base: tuple[tuple[Hashable, ...], Surface] | None = None
        self._previous: tuple[Hashable, ...] = ()
        self._scratch: dict[tuple[str, bool], Surface] = {}
        self._crossing_scratch: dict[str, Scratch] = {}

    def compose(self, items: Sequence[Item], fetch: Fetch) -> av.VideoFrame:
        """The frame of a draw list: the very same object again when nothing has changed."""
        return self.begin(items, fetch).frame()

    def begin(self, items: Sequence[Item], fetch: Fetch) -> Finished:
        """As `compose`, but where a device composes, the frame is on its way and the next may be begun."""
        pictures = [self._fetch(item, fetch) for item in items]
        keys = tuple(_key(item, found) for item, found in zip(items, pictures, strict=True))
        if self._shown is not None and self._shown[0] == keys:
            return self._shown[1]
        self._painter.keep_only({draw.clip for item in items for draw in _draws(item)})
        adopted = self._adopted(items, pictures)
        if adopted is None:
            self._paint_all(items, pictures, keys)
        finished = self._output.finish() if adopted is None else HostFrame(adopted)
        self._previous = keys
        self._shown = (keys, finished)
        return finished

    @property
    def remembered_clips(self) -> set[int]:
        """The clips whose last placed picture is kept."""
        return self._painter.clips

    def _fetch(self, item: Item, fetch: Fetch) -> tuple[Picture, ...]:
        return tuple(fetch(draw) for draw in _draws(item))

    def _adopted(self, items: Sequence[Item], pictures: Sequence[tuple[Picture, ...]]) -> av.VideoFrame | None:
        """A decoded frame that fills the canvas is the frame; it is painted on when nobody else will need it."""
        if self._alpha or not items or not isinstance(items[0], Draw):
            return None
        picture = pictures[0][0]
        frame = picture.surface.frame
        if frame is None or not self._fills_canvas(items[0], picture):
            return None
        if len(items) > 1:
            if not picture.exclusive:
                return None
            frame.make_writable()
            canvas = view_of(frame)
            for item, found in zip(items[1:], pictures[1:], strict=True):
                self._paint(canvas, item, found)
        return frame

    def _hides(self, draw: Draw, picture: Picture) -> bool:
        return hides_canvas(draw, picture, self._scene.placements[draw.clip], self._scene.canvas.size)

    def _fills_canvas(self, draw: Draw, picture: Picture) -> bool:
        surface = picture.surface
        return (
            (surface.width, surface.height) == self._scene.canvas.size
            and surface.subsampling == self._subsampling
            and draw.zoom == 1
            and self._hides(draw, picture)
            and picture.to_outline.then(draw.matrix) == IDENTITY
        )

    def _paint_all(
        self, items: Sequence[Item], pictures: Sequence[tuple[Picture, ...]], keys: tuple[Hashable, ...]
    ) -> None:
        """Start from the longest unchanged still ground there is a copy of; keep one where it is worth it."""
        still = _still_prefix(items, keys, self._previous)
        start = self._restore_base(keys[:still])
        if start == 0 and not self._hides_ground(items, pictures):
            self._output.canvas.fill(*self._background)
        for index in range(start, len(items)):
            if index == still and still > 0:
                self._keep_base(keys[:still])
            self._paint(self._output.canvas, items[index], pictures[index])

    def _restore_base(self, ground: tuple[Hashable, ...]) -> int:
        if self._base is not None and ground and self._base[0] == ground:
            self._output.canvas.copy_from(self._base[1])
            return len(ground)
        return 0

    def _hides_ground(self, items: Sequence[Item], pictures: Sequence[tuple[Picture, ...]]) -> bool:
        """Whether the lowest item covers the whole canvas, whatever was painted there."""
        return bool(items) and isinstance(items[0], Draw) and self._hides(items[0], pictures[0][0])

    def _keep_base(self, keys: tuple[Hashable, ...]) -> None:
        if self._base is not None and self._base[0] == keys:
            return
        copy = self._base[1] if self._base is not None else self._blank(alpha=self._alpha)
        copy.copy_from(self._output.canvas)
        self._base = (keys, copy)

    def _paint(self, target: Surface, item: Item, pictures: tuple[Picture, ...]) -> None:
        if isinstance(item, Mix):
            self._join(target, item, pictures)
        else:
            self._paint_draw(target, item, pictures[0])

    def _paint_draw(self, target: Surface, draw: Draw, picture: Picture) -> None:
        is_text = isinstance(self._scene.plan.clips[draw.clip].element, TextElement)
        self._painter.paint(target, draw, picture, self._scene.placements[draw.clip], is_text=is_text)

    def _join(self, target: Surface, mix: Mix, pictures: tuple[Picture, ...]) -> None:
        """Paint both sides of a transition alone, mix them, and lay the result over what is there."""
        found = dict(zip((draw.clip for draw in mix.draws()), pictures, strict=True))
        alpha = not self._covers(mix, found)
        outgoing = self._side("outgoing", mix.outgoing, found, alpha)
        incoming = self._side("incoming", mix.incoming, found, alpha)
        if not alpha:
            TRANSITIONS[mix.type].join(outgoing, incoming, mix.progress, self._opaque_part(target), self._crossing(mix))
            for plane in target.every_plane()[3:]:
                self._k.fill(plane, 255)
            return
        joined = self._scratch_surface("joined", alpha=True)
        TRANSITIONS[mix.type].join(outgoing, incoming, mix.progress, joined, self._crossing(mix))
        self._painter.lay(target, joined, _shared_blend(mix))

    def _side(self, name: str, draw: Draw | None, found: dict[int, Picture], alpha: bool) -> Surface:
        if draw is not None and not alpha and self._fills_canvas(draw, found[draw.clip]):
            return found[draw.clip].surface
        surface = self._scratch_surface(name, alpha=alpha)
        if alpha:
            surface.fill(0, 0, 0, 0)
        if draw is not None:
            self._paint_draw(surface, replace(draw, blend="", blend_amount=0.0), found[draw.clip])
        return surface

    def _covers(self, mix: Mix, found: dict[int, Picture]) -> bool:
        """Whether both sides hide all of the canvas, so that no alpha is needed."""
        return all(draw is not None and self._hides(draw, found[draw.clip]) for draw in (mix.outgoing, mix.incoming))

    def _crossing(self, mix: Mix) -> Crossing:
        scratch = self._crossing_scratch.setdefault(mix.type, Scratch(self._k))
        return Crossing(self._k, scratch, self._box(mix), mix.seed)

    def _box(self, mix: Mix) -> Rect:
        """The smallest rectangle of the canvas around both pictures."""
        bounds = [
            draw.matrix.bounds(self._scene.placements[draw.clip].width, self._scene.placements[draw.clip].height)
            for draw in mix.draws()
        ]
        width, height = self._scene.canvas.size
        left, top = min(b[0] for b in bounds), min(b[1] for b in bounds)
        right, bottom = max(b[2] for b in bounds), max(b[3] for b in bounds)
        return (max(0, int(left)), max(0, int(top)), min(width, round(right)), min(height, round(bottom)))

    def _opaque_part(self, surface: Surface) -> Surface:
        return Surface(surface.y, surface.u, surface.v, surface.subsampling)

    def _scratch_surface(self, name: str, *, alpha: bool) -> Surface:
        key = (name, alpha)
        if key not in self._scratch:
            self._scratch[key] = self._blank(alpha=alpha)
        return self._scratch[key]

    def _blank(self, *, alpha: bool) -> Surface:
        return new_surface(self._k, self._scene.canvas.size, self._subsampling, alpha=alpha)


def _draws(item: Item) -> tuple[Draw, ...]:
    return tuple(item.draws()) if isinstance(item, Mix) else (item,)


def _shared_blend(mix: Mix) -> str:
    """The blend mode of a transition: the one that both of its elements have."""
    modes = {draw.blend for draw in mix.draws()}
    return modes.pop() if len(modes) == 1 else ""


def _key(item: Item, pictures: tuple[Picture, ...]) -> Hashable:
    """Everything that the item's pixels depend on; the time of a video counts only through the frame it shows."""
    draws = tuple((d.appearance, p.key) for d, p in zip(_draws(item), pictures, strict=True))
    return (item.type, item.progress, item.outgoing is None, *draws) if isinstance(item, Mix) else draws


def _still_prefix(items: Sequence[Item], keys: Sequence[Hashable], previous: Sequence[Hashable]) -> int:
    """How many items from the bottom are stills or texts that are as they were one frame ago."""
    count = 0
    for item, key, before in zip(items, keys, previous, strict=False):
        if key != before or any(draw.time_s is not None for draw in _draws(item)):
            break
        count += 1
    return count


def _premultiplied_background(rgba: tuple[int, int, int, int], *, alpha: bool) -> tuple[int, int, int, int]:
    """Code values of the background; without an alpha channel in the film it lies on black."""
    red, green, blue, a = rgba
    if alpha:
        y, u, v = yuv_of(red, green, blue)
        return (round(y * a / 255), round(u * a / 255), round(v * a / 255), a)
    y, u, v = yuv_of(*(round(channel * a / 255) for channel in (red, green, blue)))
    return (y, u, v, 255)
