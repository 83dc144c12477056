"""The scenes are requests that the engine accepts, at every height, and bars are judged on their figures."""

import pytest

from benchmarks.render.bars import Extras, bars
from benchmarks.render.bench import Result
from benchmarks.render.captions import LINES
from benchmarks.render.length import repeated
from benchmarks.render.meter import Usage
from benchmarks.render.scene import NAMES, heights_of, load, scaled
from gpu_tasks.timeline.lint import parse_render


def measured(tool: str, cpu_s: float, scene: str = "S1") -> Result:
    run = Usage(status=0, cpu_s=cpu_s, wall_s=1, peak_bytes=500_000_000, output="")
    return Result(scene, 1080, 10.0, tool, runs=[run])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("height", [720, 1080])
def test_scene_is_an_accepted_request_of_ten_seconds(name: str, height: int) -> None:
    for own_height in heights_of(name, [height]):
        request = parse_render(load(name, own_height).request, local_sources=True)
        assert (request.height, request.duration, request.frame_rate) == (own_height, 10, 30)


def test_scaling_grows_pixels_and_keeps_shares_and_times() -> None:
    request = {"width": 1280, "height": 720, "elements": [{"type": "text", "x": 100, "y": "50%", "time": 2}]}
    grown = scaled(request, 1.5)
    assert (grown["width"], grown["height"]) == (1920, 1080)
    assert grown["elements"] == [{"type": "text", "x": 150, "y": "50%", "time": 2}]


def test_captions_highlight_one_word_in_every_half_second() -> None:
    texts = load("S3", 720).of_type("text")
    for half_second in range(20):
        time_s = half_second / 2
        active = [t["text"] for t in texts if t["duration"] == 0.5 and t["time"] == time_s]
        assert active == [LINES[half_second // 4].split()[half_second % 4]]


def test_repeating_a_film_gives_every_element_its_own_id_and_time() -> None:
    film = repeated(load("S1", 720).request, 3)
    ids = [element["id"] for element in film["elements"]]
    assert film["duration"] == 30
    assert len(set(ids)) == len(ids) == 9
    assert [e["time"] for e in film["elements"] if e["id"].startswith("title")] == [1, 11, 21]


def test_bar_is_missed_above_its_limit_and_silent_about_what_was_not_run() -> None:
    results = [measured("ours", 13), measured("ffmpeg", 10), measured("moviepy", 40)]
    verdicts = {bar.what: bar.verdict for bar in bars(results, [1080], Extras())}
    assert verdicts["CPU time, S1 1080p, against ffmpeg"] == "NOT MET"
    assert verdicts["CPU time, S1 1080p, against moviepy"] == "met"
    assert verdicts["CPU time, S2 1080p, against ffmpeg"] == "not measured"
    assert verdicts["peak memory at 1080p, any scene"] == "met"
    assert verdicts["CPU time of a film of one frame"] == "not measured"


def test_the_mean_is_geometric_and_only_of_all_scenes() -> None:
    shares = {"S1": 2.0, "S2": 1.0, "S3": 0.5}
    results = [
        measured(tool, cpu_s, scene)
        for scene, share in shares.items()
        for tool, cpu_s in (("ours", share), ("ffmpeg", 1))
    ]
    mean = next(bar for bar in bars(results, [1080], Extras()) if "mean" in bar.what)
    assert mean.figure == pytest.approx(1)
    assert next(bar for bar in bars(results[:4], [1080], Extras()) if "mean" in bar.what).figure is None
