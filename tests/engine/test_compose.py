"""Frames are composed exactly, and nothing is computed that has not changed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.compose import Compositor
from gpu_tasks.engine.drawlist import Draw, Item, Mix, Scene
from gpu_tasks.engine.kernels.colour import yuv_of
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.surface import Surface, blank, new_frame, plane_view, view_of
from gpu_tasks.engine.transitions import TRANSITIONS
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.geometry import Placement, place_media
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.request import ImageElement
from gpu_tasks.timeline.transforms import Affine, translation
from tests.timeline.scenes import image, plan_of

WIDTH, HEIGHT = 64, 48
LIGHT, DARK = 200, 60


def flat(luma: int, width: int = WIDTH, height: int = HEIGHT, chroma: int = 128) -> Surface:
    surface = blank(width, height, 2, alpha=False)
    surface.fill(luma, chroma, chroma, 255)
    return surface


def scene_of(*images: dict[str, Any], **request: Any) -> Scene:
    """A scene of opaque pictures; each element's box is its picture."""
    plan = plan_of(
        *(image(id=f"i{n}", **fields) for n, fields in enumerate(images)), width=WIDTH, height=HEIGHT, **request
    )
    opaque = Plan(
        plan.canvas,
        tuple(replace(clip, source=replace(clip.source, has_alpha=False)) for clip in plan.clips if clip.source),
        plan.joins,
        plan.spans,
        plan.sounds,
    )
    return Scene(opaque, {n: place(clip.element) for n, clip in enumerate(plan.clips)})


def place(element: Any) -> Placement:
    assert isinstance(element, ImageElement)
    found = place_media(element, (320, 160), (WIDTH, HEIGHT))
    assert found is not None
    return found


def composed(scene: Scene, surfaces: Sequence[Surface], frame: int = 0) -> av.VideoFrame:
    compositor = Compositor(scene, "yuv420p")
    return compose(compositor, scene, surfaces, frame)


def compose(compositor: Compositor, scene: Scene, surfaces: Sequence[Surface], frame: int) -> av.VideoFrame:
    span = next(span for span in scene.spans if span.first <= frame < span.stop)
    return compositor.compose(scene.items(frame, span), lambda draw: Picture(draw.clip, surfaces[draw.clip]))


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return plane_view(frame, 0).copy()


def test_every_transition_of_the_catalogue_is_registered() -> None:
    assert set(TRANSITIONS) == set(names("transitions"))


def test_an_empty_film_shows_its_background() -> None:
    scene = scene_of(background_color="#3366cc")
    frame = composed(scene, [])
    assert tuple(int(plane_view(frame, i)[5, 5]) for i in range(3)) == yuv_of(0x33, 0x66, 0xCC)


@pytest.mark.parametrize(("left", "top"), [(0, 0), (10, 8), (11, 8), (10, 9), (13, 7)])
def test_a_picture_lies_exactly_where_it_was_put(left: int, top: int) -> None:
    scene = scene_of({"width": 20, "height": 10, "x": left, "y": top, "x_anchor": 0, "y_anchor": 0})
    rows = luma(composed(scene, [flat(LIGHT, 20, 10)]))
    expected = np.full((HEIGHT, WIDTH), 16)
    expected[top : top + 10, left : left + 20] = LIGHT
    assert np.abs(rows.astype(int) - expected).max() <= 1


def test_a_picture_beyond_the_edge_is_cut_there() -> None:
    scene = scene_of({"width": 20, "height": 10, "x": -7, "y": 43, "x_anchor": 0, "y_anchor": 0})
    rows = luma(composed(scene, [flat(LIGHT, 20, 10)]))
    assert (rows[43:, :13] == LIGHT).all()
    assert (rows[:43] == 16).all()


def test_opacity_mixes_with_what_is_below() -> None:
    scene = scene_of({"opacity": 25}, {})
    rows = luma(composed(scene, [flat(LIGHT), flat(DARK)]))
    assert np.abs(rows.astype(float) - (0.25 * LIGHT + 0.75 * DARK)).max() <= 1


def test_round_corners_show_what_is_below() -> None:
    scene = scene_of({"border_radius": 12}, {})
    rows = luma(composed(scene, [flat(LIGHT), flat(DARK)]))
    assert rows[0, 0] == DARK
    assert rows[HEIGHT // 2, 0] == LIGHT
    assert DARK < rows[3, 3] < LIGHT or rows[3, 3] in (DARK, LIGHT)


def test_a_rotated_picture_covers_its_turned_area() -> None:
    scene = scene_of({"width": 30, "height": 10, "z_rotation": 90})
    rows = luma(composed(scene, [flat(LIGHT, 30, 10)]))
    assert (rows == LIGHT).sum() == pytest.approx(300, abs=2)
    assert (rows[9 + 1 : 39 - 1, 27 + 1 : 37 - 1] == LIGHT).all()


def test_what_lies_under_a_full_cover_is_left_out() -> None:
    scene = scene_of({}, {"width": 10})
    assert scene.spans[0].items == (0,)


def test_what_lies_under_a_fading_cover_is_kept_until_it_covers() -> None:
    fade = {"motion": [{"type": "fade", "time": 0, "duration": 1}]}
    spans = scene_of(fade, {"width": 10}).spans
    assert [span.items for span in spans] == [(1, 0), (0,)]


def test_an_unchanged_frame_is_the_same_frame() -> None:
    scene = scene_of({"width": 20, "height": 10})
    compositor = Compositor(scene, "yuv420p")
    surfaces = [flat(LIGHT, 20, 10)]
    first = compose(compositor, scene, surfaces, 0)
    before = luma(first)
    surfaces[0].y.fill(0)
    second = compose(compositor, scene, surfaces, 1)
    assert second is first
    assert (luma(second) == before).all()


def test_still_ground_is_not_painted_again() -> None:
    """The ground is kept after the second frame; changing its source afterwards must not show."""
    slide = {"motion": [{"type": "slide_right", "time": 0, "duration": 1, "easing": "linear"}], "z_index": 1}
    scene = scene_of({"width": 20, "height": 10, "y": 10, **slide}, {"width": 40})
    compositor = Compositor(scene, "yuv420p")
    surfaces = [flat(LIGHT, 20, 10), flat(DARK, 40, 20)]
    for frame in (0, 1, 2):
        compose(compositor, scene, surfaces, frame)
    surfaces[1].y.fill(99)
    assert not (luma(compose(compositor, scene, surfaces, 3)) == 99).any()


def test_moving_pictures_look_the_same_with_and_without_history() -> None:
    slide = {"motion": [{"type": "slide_right", "time": 0, "duration": 1}], "z_index": 1, "width": 21, "height": 11}
    scene = scene_of(slide, {"width": 40}, {"width": 11, "height": 9, "x": 7, "y": 7})
    surfaces = [flat(LIGHT, 21, 11), flat(DARK, 40, 20), flat(120, 11, 9)]
    compositor = Compositor(scene, "yuv420p")
    for frame in range(12):
        with_history = luma(compose(compositor, scene, surfaces, frame))
        assert (with_history == luma(composed(scene, surfaces, frame))).all()


def test_a_decoded_frame_that_fills_the_canvas_is_the_frame() -> None:
    scene = scene_of({})
    decoded = new_frame(WIDTH, HEIGHT, "yuv420p")
    view_of(decoded).fill(LIGHT, 128, 128, 255)
    compositor = Compositor(scene, "yuv420p")
    items = scene.items(0, scene.spans[0])
    shown = compositor.compose(items, lambda draw: Picture("k", view_of(decoded), exclusive=True))
    assert shown is decoded


def test_a_shared_decoded_frame_is_never_painted_on() -> None:
    scene = scene_of({"width": 20, "height": 10, "z_index": 1}, {})
    decoded = new_frame(WIDTH, HEIGHT, "yuv420p")
    view_of(decoded).fill(LIGHT, 128, 128, 255)
    pictures = [Picture("overlay", flat(DARK, 20, 10)), Picture("video", view_of(decoded), exclusive=False)]
    shown = Compositor(scene, "yuv420p").compose(scene.items(0, scene.spans[0]), lambda draw: pictures[draw.clip])
    assert shown is not decoded
    assert (luma(decoded) == LIGHT).all()
    assert (luma(shown) == DARK).sum() == 200


def mixed(kind: str, progress: float, first: Surface, second: Surface) -> NDArray[np.uint8]:
    scene = scene_of({}, {})
    items: tuple[Item, ...] = (Mix(kind, progress, Draw(0, None, Affine()), Draw(1, None, Affine())),)
    surfaces = [first, second]
    compositor = Compositor(scene, "yuv420p")
    return luma(compositor.compose(items, lambda draw: Picture(draw.clip, surfaces[draw.clip])))


@pytest.mark.parametrize("progress", [0.0, 0.25, 0.6, 1.0])
def test_a_cross_dissolve_is_linear(progress: float) -> None:
    rows = mixed("cross_dissolve", progress, flat(LIGHT), flat(DARK))
    assert np.abs(rows - (LIGHT * (1 - progress) + DARK * progress)).max() <= 1


@pytest.mark.parametrize(
    ("progress", "expected"), [(0.0, LIGHT), (0.25, (LIGHT + 16) / 2), (0.5, 16), (0.75, (DARK + 16) / 2), (1.0, DARK)]
)
def test_dip_to_black_goes_through_black(progress: float, expected: float) -> None:
    assert np.abs(mixed("dip_to_black", progress, flat(LIGHT), flat(DARK)) - expected).max() <= 1


@pytest.mark.parametrize(
    ("kind", "new"),
    [
        ("wipe_left", np.s_[:, 48:]),
        ("wipe_right", np.s_[:, :16]),
        ("wipe_up", np.s_[36:, :]),
        ("wipe_down", np.s_[:12, :]),
    ],
)
def test_a_wipe_uncovers_from_its_far_edge(kind: str, new: Any) -> None:
    rows = mixed(kind, 0.25, flat(LIGHT), flat(DARK))
    expected = np.full((HEIGHT, WIDTH), LIGHT)
    expected[new] = DARK
    assert (rows == expected).all()


def test_a_wipe_edge_between_two_columns_is_mixed() -> None:
    rows = mixed("wipe_right", 10.5 / WIDTH, flat(LIGHT), flat(DARK))
    assert (rows[:, :10] == DARK).all()
    assert (np.abs(rows[:, 10].astype(int) - (LIGHT + DARK) / 2) <= 1).all()
    assert (rows[:, 11:] == LIGHT).all()


@pytest.mark.parametrize("kind", sorted(TRANSITIONS))
def test_a_transition_of_small_pictures_stays_in_their_box(kind: str) -> None:
    box = {"width": 20, "height": 10}
    scene = scene_of(box, box)
    surfaces = [flat(LIGHT, 20, 10), flat(DARK, 20, 10)]
    draws = [Draw(n, None, translation(20 + 2 * n, 16)) for n in (0, 1)]
    compositor = Compositor(scene, "yuv420p")
    frame = compositor.compose((Mix(kind, 0.4, *draws),), lambda draw: Picture(draw.clip, surfaces[draw.clip]))
    rows = luma(frame)
    rows[16:26, 20:42] = 16
    assert (rows == 16).all()


@pytest.mark.parametrize("kind", sorted(TRANSITIONS))
def test_a_transition_to_nothing_ends_in_nothing(kind: str) -> None:
    scene = scene_of({}, background_color="#808080")
    compositor = Compositor(scene, "yuv420p")

    def at(progress: float) -> NDArray[np.uint8]:
        mix = Mix(kind, progress, Draw(0, None, Affine()), None)
        return luma(compositor.compose((mix,), lambda draw: Picture(draw.clip, flat(LIGHT))))

    assert np.abs(at(0.0).astype(int) - LIGHT).max() <= 1
    assert np.abs(at(1.0).astype(int) - yuv_of(128, 128, 128)[0]).max() <= 1


def test_a_transparent_film_keeps_straight_colour_under_its_alpha() -> None:
    scene = scene_of({"opacity": 50}, output_format="webm", alpha=True, background_color="#00000000")
    frame = Compositor(scene, "yuva420p").compose(
        scene.items(0, scene.spans[0]), lambda draw: Picture(draw.clip, flat(LIGHT, chroma=90))
    )
    assert np.abs(plane_view(frame, 3).astype(int) - 128).max() <= 1
    assert np.abs(plane_view(frame, 0).astype(int) - LIGHT).max() <= 2
    assert np.abs(plane_view(frame, 1).astype(int) - 90).max() <= 2


def test_a_picture_of_one_pixel_is_still_subsampled() -> None:
    scene = scene_of({"width": 1, "height": 1, "x": 5, "y": 5, "x_anchor": 0, "y_anchor": 0})
    rows = luma(composed(scene, [flat(LIGHT, 1, 1)]))
    assert rows[5, 5] == LIGHT
    assert (rows == 16).sum() == rows.size - 1


def test_only_what_is_on_screen_is_remembered() -> None:
    """A long film of captions must not keep them all."""
    scene = scene_of(*({"time": n, "duration": 1, "width": 21, "height": 11, "z_rotation": 5} for n in range(5)))
    compositor = Compositor(scene, "yuv420p")
    for frame in range(0, 150, 10):
        compose(compositor, scene, [flat(LIGHT, 21, 11)] * 5, frame)
    assert compositor.remembered_clips == {4}
