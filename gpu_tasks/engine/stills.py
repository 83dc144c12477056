"""Stills: images and texts, rastered once at the size they are shown and kept while memory allows."""

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from gpu_tasks.engine.convert import Converter, Target
from gpu_tasks.engine.executors import Deliver
from gpu_tasks.engine.inset import blurred_ground, laid, scaled_inset, small_size, without_inset
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.picture import Picture, raster_scale
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.media.fonts import FontCatalogue
from gpu_tasks.media.images import load_frame, load_image
from gpu_tasks.timeline.geometry import Placement, place_media, place_text, scale_of
from gpu_tasks.timeline.plan import Clip, Plan
from gpu_tasks.timeline.request import ImageElement, TextElement
from gpu_tasks.timeline.transforms import Affine

if TYPE_CHECKING:
    from gpu_tasks.engine.text import TextRaster, TextRenderer
    from gpu_tasks.engine.text.lettering import Lettering

CACHE_BYTES = 96 * 1024 * 1024


class Stills:
    """Rasters the images and texts of a plan. `paths` maps source URLs to local files."""

    def __init__(
        self,
        plan: Plan,
        paths: Mapping[str, Path],
        subsampling: int,
        fonts: FontCatalogue | None = None,
        deliver: Deliver = lambda picture: picture,
    ) -> None:
        self._fonts = fonts
        self._deliver = deliver
        self._plan = plan
        self._paths = paths
        self._subsampling = subsampling
        self._pictures: OrderedDict[tuple[int, Hashable], Picture] = OrderedDict()
        self._held_bytes = 0
        self.warnings: list[str] = []

    @cached_property
    def _texts(self) -> "TextRenderer":
        # Skia takes a fifth of a second to load: a film without text does without.
        from gpu_tasks.engine.text import TextRenderer

        return TextRenderer(self._fonts)

    def place(self, position: int) -> Placement | None:
        """Where a clip of any kind lies; a text has to be laid out for that."""
        clip, canvas = self._plan.clips[position], self._plan.canvas.size
        if not isinstance(clip.element, TextElement):
            assert clip.source is not None
            return place_media(clip.element, (clip.source.width, clip.source.height), canvas)
        layout = self._texts.layout(clip.element, canvas)
        self.warnings += [warning for warning in layout.warnings if warning not in self.warnings]
        return place_text(clip.element, (layout.width, layout.height), canvas)

    def letters(self, position: int, place: Placement) -> "Lettering | None":
        """What moves inside of a text clip; None when nothing ever does, or for other clips."""
        element = self._plan.clips[position].element
        if not isinstance(element, TextElement) or not _moves_inside(element):
            return None
        from gpu_tasks.engine.text.lettering import Lettering

        canvas = self._plan.canvas.size
        layout = self._texts.layout(element, canvas)
        # Its letters scatter after its name; texts without one must not all scatter alike.
        named = element if element.id else element.model_copy(update={"id": f"element-{position}"})
        return Lettering(named, layout, canvas, place.matrix.apply(0, 0))

    def picture(self, position: int, place: Placement, pieces: Hashable = None) -> Picture:
        """The picture of an image or text clip (in the state `pieces`), from the cache if it is still there."""
        key = (position, pieces)
        cached = self._pictures.get(key)
        if cached is None:
            cached = self._deliver(self._make(position, place, pieces))
            self._pictures[key] = cached
            self._held_bytes += _size_bytes(cached.surface)
            self._trim()
        self._pictures.move_to_end(key)
        return cached

    def _make(self, position: int, place: Placement, pieces: Hashable) -> Picture:
        clip = self._plan.clips[position]
        if isinstance(clip.element, TextElement):
            return self._text(position, clip.element, place, pieces)
        assert isinstance(clip.element, ImageElement)
        return self._image(position, clip, place)

    def _image(self, position: int, clip: Clip, place: Placement) -> Picture:
        assert isinstance(clip.element, ImageElement)
        assert clip.source is not None
        scale = raster_scale(clip)
        width, height = round(place.width * scale), round(place.height * scale)
        path = self._paths[clip.element.source_url]
        frame = None if clip.source.has_alpha else load_frame(path)
        if frame is None:
            surface = self._from_pixels(load_image(path), place, (width, height), opaque=not clip.source.has_alpha)
        else:
            surface = Converter(clip.source, Target(place, width, height, self._subsampling)).convert(frame)
        return Picture(("still", position), surface, Affine(a=place.width / width, e=place.height / height))

    def _from_pixels(self, rgba: Plane, place: Placement, size: tuple[int, int], *, opaque: bool) -> Surface:
        if place.inset is not None:
            return self._on_blurred_ground(rgba, place, size, opaque=opaque)
        shown = cpu.resize_rgba(cpu.premultiply(_cut(rgba, place)), *size)
        return cpu.from_rgba(_flipped(shown, place), self._subsampling, opaque=opaque)

    def _on_blurred_ground(self, rgba: Plane, place: Placement, size: tuple[int, int], *, opaque: bool) -> Surface:
        ground = self._from_pixels(rgba, without_inset(place), small_size(size), opaque=opaque)
        content, corner = scaled_inset(place, size)
        picture = self._from_pixels(rgba, content, (content.width, content.height), opaque=opaque)
        return laid(blurred_ground(size, ground), picture, corner)

    def _text(self, position: int, element: TextElement, place: Placement, pieces: Any) -> Picture:
        raster = self._raster(element, pieces)
        shrink_x, shrink_y = (abs(scale) / _text_scale(element) for scale in scale_of(element))
        to_outline = Affine(a=shrink_x, e=shrink_y, c=raster.origin_x * shrink_x, f=raster.origin_y * shrink_y)
        # A text of blanks alone has no raster; a clear pixel stands for it.
        rgba = raster.rgba if raster.rgba.size else np.zeros((1, 1, 4), np.uint8)
        if place.flip_x or place.flip_y:
            rgba = _flipped(rgba, place)
            to_outline = _mirrored_origin(to_outline, rgba, place)
        return Picture(("still", position, pieces), cpu.from_rgba(rgba, self._subsampling, opaque=False), to_outline)

    def _raster(self, element: TextElement, pieces: Any) -> "TextRaster":
        parts = {} if pieces is None else {"pieces": pieces}
        return self._texts.render(element, self._plan.canvas.size, scale=_text_scale(element), **parts)

    def _trim(self) -> None:
        while self._held_bytes > CACHE_BYTES and len(self._pictures) > 2:
            _, dropped = self._pictures.popitem(last=False)
            self._held_bytes -= _size_bytes(dropped.surface)


def _moves_inside(element: TextElement) -> bool:
    by_character = any(motion.scope == "character" for motion in element.motion)
    return by_character or element.word_animation is not None or element.animation_preset is not None


def _text_scale(element: TextElement) -> float:
    """Text is rastered at its own scale, which keeps enlarged letters sharp."""
    return max(1e-3, *(abs(scale) for scale in scale_of(element)))


def _mirrored_origin(matrix: Affine, rgba: Plane, place: Placement) -> Affine:
    width, height = rgba.shape[1] * matrix.a, rgba.shape[0] * matrix.e
    x = place.width - matrix.c - width if place.flip_x else matrix.c
    y = place.height - matrix.f - height if place.flip_y else matrix.f
    return Affine(a=matrix.a, e=matrix.e, c=x, f=y)


def _flipped(rgba: Plane, place: Placement) -> Plane:
    return cpu.flip(rgba, place.flip_x, place.flip_y)


def _cut(rgba: Plane, place: Placement) -> Plane:
    """The part of the picture that the placement shows, to the nearest whole pixel."""
    height, width = rgba.shape[:2]
    left, top, right, bottom = (round(edge) for edge in place.source)
    left, top = min(max(left, 0), width - 1), min(max(top, 0), height - 1)
    return np.ascontiguousarray(rgba[top : max(bottom, top + 1), left : max(right, left + 1)])


def _size_bytes(surface: Surface) -> int:
    planes = [surface.y, surface.u, surface.v, surface.alpha, surface.alpha_c]
    return sum(plane.nbytes for plane in planes if plane is not None)
