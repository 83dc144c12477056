"""Whatever a valid request asks for, the film has the asked size and length, and nothing breaks."""

import tempfile
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpu_tasks.engine.render import render
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.catalogue import SUPPORTED
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.planner import make_plan
from tests.media.make import make_alpha_webm, make_clip, make_image, make_rotated_clip, quadrants

VIDEOS = ("clip.mp4", "turned.mov", "veil.webm", "odd.mp4")


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("sources")
    return {
        "clip.mp4": make_clip(folder / "clip.mp4", duration_s=1, width=96, height=54),
        "turned.mov": make_rotated_clip(folder / "turned.mov", 90, duration_s=1, width=64, height=48, sound=False),
        "veil.webm": make_alpha_webm(folder / "veil.webm", width=50, height=40),
        "odd.mp4": make_clip(folder / "odd.mp4", duration_s=0.5, width=62, height=34, frame_rate=25),
        "photo.png": make_image(folder / "photo.png", quadrants(61, 43)),
    }


def fraction(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False).map(lambda value: round(value, 3))


dimension = st.one_of(
    fraction(-40, 260), fraction(-30, 160).map(lambda v: f"{v}%"), fraction(1, 90).map(lambda v: f"{v}px")
)
size = st.one_of(fraction(1, 260), fraction(1, 150).map(lambda v: f"{v}%"))
angle = st.one_of(fraction(-400, 400), fraction(-3, 3).map(lambda v: f"{v}rad"))
entrances = sorted(SUPPORTED["motions"])
exits = sorted(SUPPORTED["motions"] - {"zoom_in", "ken_burns_in"})


@st.composite
def motions(draw: st.DrawFn) -> dict[str, Any]:
    leaving = draw(st.booleans())
    return {
        "type": draw(st.sampled_from(exits if leaving else entrances)),
        "reversed": leaving,
        "time": draw(fraction(0, 1)),
        "duration": draw(fraction(0.01, 1)),
        "easing": draw(st.sampled_from(sorted(SUPPORTED["easings"]))),
    }


@st.composite
def elements(draw: st.DrawFn, index: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["video", "image", "text"]))
    element: dict[str, Any] = {"type": kind, "id": f"e{index}", "time": draw(fraction(0, 0.8))}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "x": dimension,
        "y": dimension,
        "width": size,
        "height": size,
        "x_anchor": dimension,
        "z_rotation": angle,
        "x_scale": fraction(-200, 200).map(lambda v: f"{v}%"),
        "flip_vertical": st.booleans(),
        "opacity": fraction(0, 100),
        "z_index": st.integers(-2, 2),
        "border_radius": dimension,
        "motion": st.lists(motions(), max_size=2),
    }
    if kind == "text":
        optional |= {"stroke_width": fraction(0, 6), "background": st.booleans(), "tracking": fraction(-200, 400)}
        element |= {"text": draw(st.text(min_size=1, max_size=12)), "font_size": draw(fraction(1, 60))}
    else:
        optional |= {
            "crop_left": fraction(0, 0.6),
            "crop_bottom": fraction(0, 0.9),
            "fit": st.sampled_from(sorted(SUPPORTED["fits"])),
            "aspect_ratio": fraction(0.1, 8),
        }
    if kind == "video":
        element["source_url"] = draw(st.sampled_from(VIDEOS))
        optional |= {"speed": fraction(0.25, 4), "in_point": fraction(0, 0.3), "fade_in_duration": fraction(0, 1)}
    else:
        element["duration"] = draw(fraction(0.01, 1))
    if kind == "image":
        element["source_url"] = "photo.png"
    chosen = draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=6))
    return {**element, **{name: draw(optional[name]) for name in chosen}}


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    count = draw(st.integers(0, 4))
    found = [draw(elements(index)) for index in range(count)]
    transition = st.fixed_dictionaries(
        {
            "type": st.sampled_from(sorted(SUPPORTED["transitions"])),
            "duration": fraction(0.01, 1),
            "from_id": st.just("e0"),
            "to_id": st.sampled_from(["e1", None]),
        }
    )
    output_format = draw(st.sampled_from(sorted(SUPPORTED["output_formats"])))
    return {
        "width": draw(st.integers(16, 190)),
        "height": draw(st.integers(16, 190)),
        "duration": draw(fraction(0.03, 1)),
        "frame_rate": draw(st.sampled_from([1, 10, 24, 30, 50])),
        "output_format": output_format,
        "alpha": output_format in ("webm", "mov") and draw(st.booleans()),
        "background_color": draw(st.sampled_from(["#000000", "#ff8800", "#12345678"])),
        "elements": found,
        "transitions": draw(st.lists(transition, max_size=1)) if count >= 2 else [],
    }


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scene=requests())
def test_the_film_has_its_size_and_length(paths: dict[str, Path], scene: dict[str, Any]) -> None:
    request = parse_render(scene, local_sources=True)
    used = {url: paths[url] for url in request.source_urls()}
    plan = make_plan(request, {url: probe(path) for url, path in used.items()})
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"film.{request.output_format}"
        result = render(plan, used, output)
        with av.open(str(output)) as container:
            frames = list(container.decode(video=0))
    odd_h264 = request.output_format == "mp4"
    expected = tuple(side + side % 2 if odd_h264 else side for side in request.size)
    assert (frames[0].width, frames[0].height) == (result.width, result.height) == expected
    still = request.output_format in ("png", "jpg")
    assert len(frames) == (1 if still else max(1, round(scene["duration"] * scene["frame_rate"])))
