"""Whole films, from request to file, read back with FFmpeg's own decoders."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.engine.render import Film, FrameSource, frame_range, render
from gpu_tasks.engine.surface import plane_view
from gpu_tasks.media.probe import probe
from gpu_tasks.render import main
from gpu_tasks.timeline.lint import parse_render
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.planner import make_plan
from tests.media.make import make_clip

pytestmark = pytest.mark.slow


def plan_for(scene: dict[str, Any], paths: dict[str, Path]) -> Plan:
    request = parse_render(scene, local_sources=True)
    return make_plan(request, {url: probe(path) for url, path in paths.items()})


def film(scene: dict[str, Any], paths: dict[str, Path], output: Path) -> Film:
    return render(plan_for(scene, paths), paths, output)


def frames_of(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


@pytest.fixture
def clip(tmp_path: Path) -> dict[str, Path]:
    path = tmp_path / "clip.mp4"
    make_clip(path, width=320, height=240, duration_s=3)
    return {"clip.mp4": path}


@pytest.fixture
def busy_scene() -> dict[str, Any]:
    """Everything that depends on time at once: two cuts, a wipe, motions, an odd place, a rotation."""
    return {
        "width": 322,
        "height": 182,
        "frame_rate": 25,
        "elements": [
            {"type": "video", "id": "a", "source_url": "clip.mp4", "out_point": 1.5, "speed": 0.75},
            {"type": "video", "id": "b", "source_url": "clip.mp4", "time": 2, "in_point": 0.5, "flip_horizontal": True},
            {
                "type": "video",
                "source_url": "clip.mp4",
                "width": "31%",
                "border_radius": 9,
                "z_index": 2,
                "x": "70%",
                "motion": [{"type": "slide_right", "time": 0.2, "duration": 1.7}],
            },
            {
                "type": "text",
                "text": "Turning gqy",
                "duration": 4,
                "font_size": 31,
                "z_rotation": 17,
                "motion": [{"type": "zoom_in", "time": 0.4, "duration": 2}],
            },
        ],
        "transitions": [{"type": "wipe_left", "duration": 0.7, "from_id": "a", "to_id": "b"}],
    }


def planes(plan: Plan, paths: dict[str, Path]) -> list[tuple[bytes, ...]]:
    source = FrameSource(plan, paths, "yuv420p")
    return [tuple(plane_view(frame, index).tobytes() for index in range(3)) for frame in source]


@pytest.mark.parametrize(("first", "stop"), [(40, 60), (33, 34), (90, 110)])
def test_a_chunk_has_the_pixels_of_the_whole_film(
    busy_scene: dict[str, Any], clip: dict[str, Path], first: int, stop: int
) -> None:
    plan = plan_for(busy_scene, clip)
    assert planes(frame_range(plan, first, stop), clip) == planes(plan, clip)[first:stop]


def test_two_runs_give_the_same_pixels(busy_scene: dict[str, Any], clip: dict[str, Path]) -> None:
    plan = plan_for(busy_scene, clip)
    assert planes(plan, clip) == planes(plan, clip)


@pytest.mark.parametrize(
    ("output_format", "alpha", "codec", "pixel_format", "sound"),
    [
        ("mp4", False, "h264", "yuv420p", "aac"),
        ("webm", False, "vp9", "yuv420p", "opus"),
        ("webm", True, "vp9", "yuv420p", "opus"),
        ("mov", False, "prores", "yuv422p10le", "pcm_s16le"),
        ("mov", True, "prores", "yuva444p12le", "pcm_s16le"),
        ("gif", False, "gif", "bgra", None),
    ],
)
@pytest.mark.parametrize("size", [(160, 90), (161, 91)])
def test_every_format_has_its_codec_size_length_and_sound(
    tmp_path: Path,
    clip: dict[str, Path],
    output_format: str,
    alpha: bool,
    codec: str,
    pixel_format: str,
    sound: str | None,
    size: tuple[int, int],
) -> None:
    output = tmp_path / f"film.{output_format}"
    scene = {
        "width": size[0],
        "height": size[1],
        "duration": 1,
        "output_format": output_format,
        "alpha": alpha,
        "elements": [{"type": "video", "source_url": "clip.mp4"}],
    }
    result = film(scene, clip, output)
    with av.open(str(output)) as container:
        picture = container.streams.video[0]
        frames = list(container.decode(picture))
        assert picture.codec_context.name.startswith(codec) or picture.codec_context.codec.canonical_name == codec
        assert picture.codec_context.pix_fmt == pixel_format
        assert [s.codec_context.codec.canonical_name for s in container.streams.audio] == ([sound] if sound else [])
    even = output_format == "mp4"
    expected = tuple(side + side % 2 for side in size) if even else size
    assert (result.width, result.height) == expected
    assert (frames[0].width, frames[0].height) == expected
    assert len(frames) == result.frame_count == 30
    assert result.size_bytes == output.stat().st_size


@pytest.mark.parametrize("output_format", ["png", "jpg"])
def test_a_still_shows_the_frame_at_its_poster_time(tmp_path: Path, clip: dict[str, Path], output_format: str) -> None:
    scene = {"width": 320, "height": 240, "elements": [{"type": "video", "source_url": "clip.mp4"}]}
    still = tmp_path / f"still.{output_format}"
    film({**scene, "output_format": output_format, "poster_time": 1.5}, clip, still)
    whole = tmp_path / "film.mp4"
    film(scene, clip, whole)
    difference = frames_of(still)[0].astype(int) - frames_of(whole)[45]
    assert np.abs(difference).mean() <= 2


def test_the_film_is_tagged_bt709_at_a_constant_rate(tmp_path: Path, clip: dict[str, Path]) -> None:
    output = tmp_path / "film.mp4"
    film({"duration": 1, "elements": [{"type": "video", "source_url": "clip.mp4"}]}, clip, output)
    with av.open(str(output)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert (context.profile, stream.average_rate) == ("High", 30)
        times = [frame.pts * stream.time_base for frame in container.decode(stream)]
    assert times == [Fraction(n, 30) for n in range(30)]


@pytest.mark.parametrize("colour", ["#ff0000", "#00ff00", "#3366cc", "#ffffff", "#808080"])
def test_a_colour_comes_out_as_it_was_asked_for(tmp_path: Path, colour: str) -> None:
    output = tmp_path / "still.png"
    film({"background_color": colour, "output_format": "png", "width": 32, "height": 32}, {}, output)
    wanted = np.array(list(bytes.fromhex(colour[1:])))
    assert np.abs(frames_of(output)[0].astype(int) - wanted).max() <= 2


def test_alpha_outside_the_pictures_is_zero(tmp_path: Path) -> None:
    output = tmp_path / "film.mov"
    text = {"type": "text", "text": "A", "duration": 1, "font_size": 60}
    scene = {"width": 160, "height": 90, "output_format": "mov", "alpha": True, "background_color": "#00000000"}
    film({**scene, "elements": [text]}, {}, output)
    with av.open(str(output)) as container:
        rgba = next(container.decode(video=0)).to_ndarray(format="rgba")
    assert rgba[:10, :, 3].max() == 0
    assert rgba[:, :, 3].max() >= 250


def test_the_command_line_reports_in_json(
    tmp_path: Path, clip: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    scene = tmp_path / "scene.json"
    scene.write_text(json.dumps({"elements": [{"type": "video", "source_url": "clip.mp4", "out_point": 0.5}]}))
    assert main([str(scene), str(tmp_path / "film.mp4"), "--progress", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    percents = [line["percent"] for line in lines if line.get("stage") == "encoding"]
    assert percents == sorted(percents)
    assert percents[-1] == 100
    assert lines[-1]["result"]["frame_count"] == 15
    assert lines[-1]["result"]["has_audio"]


@pytest.mark.parametrize(
    ("scene", "status", "code"),
    [
        ({"elements": [{"type": "video", "source_url": "gone.mp4"}]}, 1, "source_not_found"),
        ({"elements": [{"type": "video", "source_url": "https://a.test/x.mp4"}]}, 1, "source_not_found"),
        ({"elements": [{"type": "nothing"}]}, 2, "validation_error"),
        ({"elements": [{"type": "composition"}]}, 2, "unsupported_feature"),
    ],
)
def test_the_command_line_names_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scene: dict[str, Any], status: int, code: str
) -> None:
    path = tmp_path / "scene.json"
    path.write_text(json.dumps(scene))
    assert main([str(path), str(tmp_path / "film.mp4"), "--progress", "json"]) == status
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["code"] == code
    assert not (tmp_path / "film.mp4").exists()


def test_an_unknown_font_is_told(tmp_path: Path) -> None:
    text = {"type": "text", "text": "a", "duration": 0.1, "font_family": "No Such Face"}
    result = film({"elements": [text], "width": 64, "height": 64}, {}, tmp_path / "film.mp4")
    assert any("No Such Face" in warning for warning in result.warnings)


def test_too_little_memory_is_told_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("gpu_tasks.engine.render.FrameSource", exhausted)
    scene = tmp_path / "scene.json"
    scene.write_text("{}")
    assert main([str(scene), str(tmp_path / "film.mp4"), "--progress", "json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["error"]["code"] == "out_of_memory"
    assert not (tmp_path / "film.mp4").exists()
