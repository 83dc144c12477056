"""Frame n of a film shows the source's latest frame with pts ≤ in_point + (n / fps − time) · speed, upright."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.render import FrameSource
from gpu_tasks.engine.surface import plane_view
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from tests.media.make import make_alpha_webm, make_clip, make_image, make_rotated_clip, make_vfr_clip, quadrants

SIZE = (160, 120)


def lumas(path: Path, *, at: tuple[int, int] = (60, 80), **scene: Any) -> list[int]:
    return [int(rows[at]) for rows in pictures(path, **scene)]


def pictures(path: Path, *, element: dict[str, Any] | None = None, **scene: Any) -> list[NDArray[np.uint8]]:
    whole = {"type": "video", "source_url": path.name, **(element or {})}
    request = parse_render({"width": SIZE[0], "height": SIZE[1], "elements": [whole], **scene}, local_sources=True)
    source = FrameSource(make_plan(request, {path.name: probe(path)}), {path.name: path}, "yuv420p")
    return [plane_view(frame, 0).copy() for frame in source]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    return make_clip(path, duration_s=3, luma=lambda n: 30 + 2 * n, options={"preset": "ultrafast", "qp": "4"})


@pytest.mark.parametrize(
    ("element", "frame_rate"),
    [
        ({}, 30),
        ({}, 25),
        ({}, 60),
        ({"speed": 2}, 30),
        ({"speed": 0.25, "out_point": 0.5}, 24),
        ({"in_point": 1.05, "speed": 1.3}, 30),
        ({"time": 0.35, "in_point": 0.1, "out_point": 0.9}, 30),
    ],
)
def test_frames_follow_trim_speed_and_rate(clip: Path, element: dict[str, Any], frame_rate: int) -> None:
    found = lumas(clip, element=element, frame_rate=frame_rate, background_color="#000000")
    start, in_point = Fraction(str(element.get("time", 0))), Fraction(str(element.get("in_point", 0)))
    expected = []
    for n in range(len(found)):
        source_s = in_point + (Fraction(n, frame_rate) - start) * Fraction(str(element.get("speed", 1)))
        expected.append(16 if Fraction(n, frame_rate) < start else 30 + 2 * min(int(source_s * 30), 89))
    assert np.abs(np.array(found) - expected).max() <= 1


def test_variable_frame_rates_keep_their_time(tmp_path: Path) -> None:
    shown = [Fraction(0), Fraction(3, 10), Fraction(4, 10), Fraction(1)]
    path = make_vfr_clip(tmp_path / "vfr.mp4", shown, Fraction(1, 2))
    found = lumas(path, frame_rate=10)
    assert np.abs(np.array(found) - [40, 40, 40, 48, 56, 56, 56, 56, 56, 56, 64, 64, 64, 64, 64]).max() <= 2


def test_cuts_of_one_source_share_it_and_stay_exact(clip: Path) -> None:
    cuts = [
        {"type": "video", "source_url": clip.name, "time": n, "in_point": start, "out_point": start + 1}
        for n, start in enumerate((1.0, 2.0, 0.0, 1.5))
    ]
    request = parse_render({"width": SIZE[0], "height": SIZE[1], "elements": cuts}, local_sources=True)
    source = FrameSource(make_plan(request, {clip.name: probe(clip)}), {clip.name: clip}, "yuv420p")
    found = [int(plane_view(frame, 0)[60, 80]) for frame in source]
    expected = [30 + 2 * (30 * start + n) for start in (1.0, 2.0, 0.0, 1.5) for n in range(30)]
    assert np.abs(np.array(found) - expected).max() <= 1


def test_one_moment_of_one_source_twice_on_screen(clip: Path) -> None:
    twice = [
        {"type": "video", "source_url": clip.name, "width": "50%", "x": 0, "x_anchor": 0},
        {"type": "video", "source_url": clip.name, "width": "50%", "x": "50%", "x_anchor": 0},
    ]
    request = parse_render({"width": SIZE[0], "height": SIZE[1], "elements": twice}, local_sources=True)
    source = FrameSource(make_plan(request, {clip.name: probe(clip)}), {clip.name: clip}, "yuv420p")
    sides = [(int(plane_view(f, 0)[60, 30]), int(plane_view(f, 0)[60, 130])) for f in source]
    assert all(left == right for left, right in sides)
    assert sides[45][0] == pytest.approx(30 + 90, abs=1)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_clip_stands_upright(tmp_path: Path, degrees: int) -> None:
    """A clip whose upper half is bright as stored: after turning, the bright side is where players show it."""
    path = make_rotated_clip(tmp_path / "turned.mp4", degrees, width=240, height=160, sound=False, duration_s=0.2)
    info = probe(path)
    assert (info.width, info.height) == ((160, 240) if degrees != 180 else (240, 160))
    assert info.rotation == degrees
    rows = pictures(path, element={"fit": "contain"})[0]
    bars = rows[:, 0] if degrees != 180 else rows[0, :]
    assert (bars == 16).all()


def test_a_transparent_clip_shows_what_is_below(tmp_path: Path) -> None:
    path = make_alpha_webm(tmp_path / "veil.webm", alpha=128)
    found = lumas(path, background_color="#ffffff")
    assert np.abs(np.array(found) - (100 * 128 / 255 + 235 * 127 / 255)).max() <= 3


@pytest.mark.parametrize(
    ("element", "corners"),
    [
        ({}, "RGBY"),
        ({"flip_horizontal": True}, "GRYB"),
        ({"flip_vertical": True}, "BYRG"),
        ({"crop_left": 0.5}, "GGYY"),
        ({"crop_top": 0.5, "flip_horizontal": True}, "YBYB"),
        ({"z_rotation": 180}, "YBGR"),
    ],
)
def test_pictures_are_cut_and_mirrored(tmp_path: Path, element: dict[str, Any], corners: str) -> None:
    path = make_image(tmp_path / "quadrants.png", quadrants(160, 120))
    element = {"type": "image", "id": "q", "duration": 0.1, "fit": "fill", **element}
    rows = pictures(path, element=element)[0]
    found = [int(rows[y, x]) for y in (10, 110) for x in (10, 150)]
    order = dict(
        zip("RGBY", (_luma(p) for p in ((200, 30, 40), (20, 180, 60), (30, 60, 210), (230, 210, 20))), strict=True)
    )
    assert np.abs(np.array(found) - [order[c] for c in corners]).max() <= 2


def _luma(rgb: tuple[int, int, int]) -> float:
    return 16 + 219 / 255 * (0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2])
