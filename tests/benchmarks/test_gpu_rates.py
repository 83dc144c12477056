"""The GPU's benchmark runs, in small, on torch's CPU device."""

from pathlib import Path

import pytest

from benchmarks.gpu.__main__ import Row, line_of, slug
from benchmarks.gpu.rates import WARM_FRAMES, compose_fps, plan_of, render_fps
from benchmarks.gpu.tasks import measured_task
from gpu_tasks.engine.cuda_executor import TorchExecutor
from tests.gpu.reference import film, logo, make_sources, video


def test_films_are_composed_and_rendered_at_some_rate(tmp_path: Path) -> None:
    sources = make_sources(tmp_path, 96, 54)
    elements = [video(), logo(width="30%", duration=2)]
    for element in elements:
        element["source_url"] = str(sources[element["source_url"]])
    plan, paths = plan_of(film((96, 54), *elements))
    executor = TorchExecutor("cpu")
    assert plan.canvas.frame_count > WARM_FRAMES
    assert compose_fps(plan, paths, executor, 4) > 0
    assert render_fps(plan, paths, tmp_path / "film.mp4", executor, 4) > 0


@pytest.mark.slow
def test_tasks_run_at_some_rate(tmp_path: Path) -> None:
    row = measured_task("gaze_redirect", tmp_path, "cpu", lengths_s=(1, 2))
    assert row.fps_cpu > 0
    assert row.fps_gpu > 0


@pytest.mark.parametrize(
    ("card", "name"), [("NVIDIA H200", "h200"), ("NVIDIA GeForce RTX 4090", "geforce-rtx-4090"), ("GB10 (a)", "gb10-a")]
)
def test_a_card_names_its_file(card: str, name: str) -> None:
    assert slug(card) == name


def test_a_row_says_what_was_measured() -> None:
    assert line_of(Row("S1", 1080, 60.04, 900, 30, 55.55)) == "| S1 1080p | 60.0 | 900.0 | 30.0 | 55.5 |"
