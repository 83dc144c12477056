"""A stage for effects under test: pictures, moments, and the rules that every effect keeps."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from gpu_tasks.engine.effects import EFFECTS, Moment
from gpu_tasks.engine.kernels import cpu
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface, blank
from gpu_tasks.timeline.request import ChromaSettings

Picture = NDArray[np.uint8]
"""height × width × 3, R'G'B' 0-255."""

FRAME_RATE = 30
KINDS = tuple((size, step, alpha) for size in ((96, 54), (61, 43)) for step in (1, 2) for alpha in (False, True))
"""(width, height), subsampling, whether there is alpha."""
TINY = ((16, 16), (17, 3), (2, 5), (1, 1))


def surface_of(rgb: Picture, subsampling: int = 2, alpha: Picture | None = None) -> Surface:
    """A premultiplied surface of an R'G'B' picture, opaque without `alpha` (height × width, 0-255)."""
    opaque = np.full(rgb.shape[:2], 255, np.uint8) if alpha is None else alpha
    rgba = cpu.premultiply(np.ascontiguousarray(np.dstack([rgb, opaque])))
    return cpu.from_rgba(rgba, subsampling, opaque=alpha is None)


def rgb_of(surface: Surface) -> Picture:
    """R'G'B' of a surface's colour planes, read as opaque."""
    shape = (surface.height, surface.width)
    planes = (np.empty(shape, np.uint8), np.empty(shape, np.uint8), np.empty(shape, np.uint8))
    bare = Surface(surface.y, surface.u, surface.v, surface.subsampling)
    return np.dstack(cpu.to_rgb(bare, planes))


def plain(colour: tuple[int, int, int], size: tuple[int, int] = (32, 18), subsampling: int = 2) -> Surface:
    """An opaque surface of one colour; `size` is (width, height)."""
    return surface_of(np.full((size[1], size[0], 3), colour, np.uint8), subsampling)


def colour_at(surface: Surface, x: int, y: int) -> tuple[int, int, int]:
    red, green, blue = (int(value) for value in rgb_of(surface)[y, x])
    return red, green, blue


def scene(width: int, height: int) -> Picture:
    """Gradients, saturated patches, a skin tone, black, white, and fine detail, at any size."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    rgb = np.stack([0.15 + 0.7 * x, 0.2 + 0.6 * y, 0.8 - 0.6 * x * y], axis=-1) * 255
    colours = ((205, 150, 125), (230, 30, 40), (20, 170, 60), (30, 60, 220), (0, 0, 0), (255, 255, 255))
    for index, colour in enumerate(colours):
        left, top = 0.08 + 0.3 * (index % 3), 0.12 + 0.45 * (index // 3)
        rgb[(x >= left) & (x < left + 0.2) & (y >= top) & (y < top + 0.3)] = colour
    detail = 25 * np.sin(np.arange(width) * 1.9)[None, :] * np.sin(np.arange(height) * 1.7)[:, None]
    return np.clip(rgb + (detail * (y > 0.4))[..., None], 0, 255).astype(np.uint8)


def scene_surface(size: tuple[int, int] = (96, 54), subsampling: int = 2, *, alpha: bool = False) -> Surface:
    """The scene as a surface; with `alpha` it fades out to the left and has a hole at the lower right."""
    width, height = size
    if not alpha:
        return surface_of(scene(width, height), subsampling)
    coverage = np.broadcast_to(np.clip(np.linspace(-60, 420, width), 0, 255), (height, width)).astype(np.uint8)
    coverage[height * 3 // 4 :, width * 3 // 4 :] = 0
    return surface_of(scene(width, height), subsampling, coverage)


def straightened(surface: Surface) -> Surface:
    """A copy whose colours are not premultiplied."""
    out = blank(surface.width, surface.height, surface.subsampling, alpha=not surface.is_opaque)
    out.copy_from(surface)
    for (plane, _, _), alpha in zip(out.planes(), out.alphas(), strict=True):
        if alpha is not None:
            plane[...] = cpu.divide(plane.copy(), alpha, np.empty_like(plane))
    return out


def moment(
    frame: int = 0,
    *,
    size: tuple[int, int] = (96, 54),
    frame_rate: int = FRAME_RATE,
    element: str = "clip",
    earlier: Sequence[Surface] = (),
    chroma: ChromaSettings | None = None,
    scratch: Scratch | None = None,
    unit_px: float | None = None,
) -> Moment:
    """A moment of an element that began with the film, for pictures of `size`.

    `earlier` holds the surfaces 1, 2, ... frames ago (the last one stands for all before it).
    """

    def ago(frames: int) -> Surface:
        return earlier[min(max(frames, 1), len(earlier)) - 1]

    return Moment(
        k=cpu,
        scratch=scratch or Scratch(cpu),
        frame=frame,
        time_s=frame / frame_rate,
        frame_rate=frame_rate,
        element=element,
        unit_px=unit_px or min(size) / 720,
        earlier=ago,
        chroma=chroma or ChromaSettings(),
    )


def kept(surface: Surface) -> Surface:
    """A copy of its own memory."""
    out = blank(surface.width, surface.height, surface.subsampling, alpha=not surface.is_opaque)
    out.copy_from(surface)
    return out


def difference(first: Surface, second: Surface) -> float:
    """The mean absolute difference of the planes, in code values."""
    planes = zip(first.every_plane(), second.every_plane(), strict=True)
    return float(np.mean([np.abs(a.astype(int) - b.astype(int)).mean() for a, b in planes]))


def same(first: Surface, second: Surface) -> bool:
    planes = zip(first.every_plane(), second.every_plane(), strict=True)
    return all(np.array_equal(a, b) for a, b in planes)


def run(name: str, surface: Surface, amount: float = 1.0, at: Moment | None = None) -> Surface:
    """The effect of a surface (straight where the effect wants that), copied out of the scratch."""
    size = (surface.width, surface.height)
    return kept(EFFECTS[name].apply(surface, amount, at or moment(size=size, earlier=_before(surface))))


def _before(surface: Surface, frames: int = 6) -> list[Surface]:
    """Earlier pictures of a surface: it comes from the right."""
    pictures = [kept(surface) for _ in range(frames)]
    for ago, picture in enumerate(pictures, start=1):
        for index, plane in enumerate(picture.every_plane()):
            step = surface.subsampling if index in (1, 2, 4) else 1
            plane[...] = np.roll(plane, 4 * ago // step, axis=1)
    return pictures


def assert_effect_rules(
    name: str, *, keeps_alpha: bool = True, keeps_opaque: bool = True, subtle: bool = False
) -> None:
    """Every rule that holds for all effects.

    `keeps_alpha` is False for effects that move pixels, `keeps_opaque` for those that cut holes; `subtle` for effects
    whose change may be small on the scene.
    """
    assert EFFECTS[name].look
    for kind, surface in _kinds(name):
        _assert_rules_for(name, surface, f"{name} of {kind}", keeps_alpha=keeps_alpha, keeps_opaque=keeps_opaque)
        change = difference(_opaque(run(name, surface)), _opaque(surface))
        assert change > (0.2 if subtle else 1.5), f"{name} of {kind}: hardly visible ({change:.2f})"
    _assert_tiny_pictures_pass(name)
    _assert_chroma_kinds_agree(name)
    _assert_moves_only_if_animated(name)


def _kinds(name: str) -> Iterator[tuple[str, Surface]]:
    for size, step, alpha in KINDS:
        surface = scene_surface(size, step, alpha=alpha)
        yield f"{size}, step {step}, alpha {alpha}", straightened(surface) if EFFECTS[name].straight else surface


def _opaque(surface: Surface) -> Surface:
    return Surface(surface.y, surface.u, surface.v, surface.subsampling)


def _assert_rules_for(name: str, surface: Surface, what: str, *, keeps_alpha: bool, keeps_opaque: bool) -> None:
    before = kept(surface)
    size = (surface.width, surface.height)

    def fresh(frame: int = 3, scratch: Scratch | None = None) -> Moment:
        return moment(frame, size=size, earlier=_before(before), scratch=scratch)

    if keeps_opaque:
        assert same(run(name, surface, 0.0, fresh()), before), f"{what}: not the input at 0"
        assert difference(run(name, surface, 0.01, fresh()), before) < 1.0, f"{what}: jumps when it sets in"
    full = run(name, surface, 1.0, fresh())
    assert same(surface, before), f"{what}: wrote to its input"
    assert (full.width, full.height, full.subsampling) == (*size, surface.subsampling), f"{what}: other size or kind"
    if keeps_opaque:
        assert full.is_opaque == surface.is_opaque, f"{what}: alpha came or went"
    if keeps_alpha and surface.alpha is not None:
        assert np.array_equal(full.every_plane()[3], surface.alpha), f"{what}: alpha changed"
    used = Scratch(cpu)
    for frame, amount in ((9, 1.0), (3, 0.4)):
        run(name, surface, amount, fresh(frame, used))
    assert same(run(name, surface, 1.0, fresh(3, used)), full), f"{what}: depends on what was rendered before"
    near = difference(run(name, surface, 0.5, fresh()), run(name, surface, 0.51, fresh()))
    assert near < 2.0, f"{what}: jumps at half strength ({near:.2f})"


def _assert_tiny_pictures_pass(name: str) -> None:
    for size in TINY:
        for step in (1, 2):
            for alpha in (False, True):
                surface = scene_surface(size, step, alpha=alpha)
                for amount in (0.3, 1.0):
                    out = run(name, straightened(surface) if EFFECTS[name].straight else surface, amount)
                    assert (out.width, out.height) == size


def _assert_chroma_kinds_agree(name: str, limit: float = 6.0) -> None:
    """The luma of 4:2:0 and 4:4:4 results, away from edges of colour, is about the same."""
    fine, coarse = (run(name, scene_surface((96, 54), step)).y.astype(int) for step in (1, 2))
    gap = float(np.median(np.abs(fine - coarse)))
    assert gap <= limit, f"{name}: 4:2:0 and 4:4:4 differ by {gap}"


def _assert_moves_only_if_animated(name: str) -> None:
    surface = scene_surface()
    still = [kept(surface)]

    def frames(n: int) -> Surface:
        return run(name, surface, 1.0, moment(n, earlier=still))

    moves = any(not same(frames(0), frames(n)) for n in (1, 2, 5, 11, 23))
    assert moves == EFFECTS[name].animated, f"{name}: animated={EFFECTS[name].animated}, but it does otherwise"
