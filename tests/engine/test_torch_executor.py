"""The GPU's executor, run on torch's CPU device, against the CPU's: what `tests/gpu` does with a GPU, in small."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from gpu_tasks.engine.cuda_executor import TorchExecutor
from gpu_tasks.engine.effects import EFFECTS
from gpu_tasks.engine.render import FrameSource
from gpu_tasks.engine.surface import plane_view
from gpu_tasks.engine.transitions import TRANSITIONS
from tests.engine.films import plan_of
from tests.engine.motions.stages import Use, uses
from tests.engine.transitions.stage import pictures
from tests.gpu.pairs import CLOSE_DB, effect_db, film_db, transition_db
from tests.gpu.reference import MOVING_FRAMES, SCENES, film, logo, make_sources, moving, scenes, video

pytestmark = pytest.mark.slow

SIZE = (161, 91)
SOME_MOTIONS = [use for use in uses("entrance", "exit", "loop") if use.scope == "element"][::6]


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_sources(tmp_path_factory.mktemp("sources"), 160, 90)


@pytest.mark.parametrize("name", sorted(EFFECTS))
def test_an_effect_is_the_same_in_torch(name: str) -> None:
    assert effect_db(name, "cpu", (121, 69), 2, alpha=False) >= CLOSE_DB


@pytest.mark.parametrize("name", sorted(EFFECTS)[::5])
def test_an_effect_of_a_clear_picture_is_the_same_in_torch(name: str) -> None:
    assert effect_db(name, "cpu", (96, 54), 1, alpha=True) >= CLOSE_DB


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
@pytest.mark.parametrize("alpha", [True, False])
def test_a_transition_is_the_same_in_torch(name: str, alpha: bool) -> None:
    assert transition_db(name, "cpu", *pictures((121, 69), 2, alpha=alpha), 0.4) >= CLOSE_DB


@pytest.mark.parametrize("use", SOME_MOTIONS, ids=str)
def test_a_motion_is_the_same_in_torch(use: Use, sources: dict[str, Path]) -> None:
    assert film_db(moving(SIZE, use), sources, "cpu", "yuv420p", MOVING_FRAMES) >= CLOSE_DB


@pytest.mark.parametrize("name", SCENES)
def test_a_composition_is_the_same_in_torch(name: str, sources: dict[str, Path]) -> None:
    payload, pixel_format = next((payload, kind) for found, payload, kind in scenes(SIZE) if found == name)
    assert film_db(payload, sources, "cpu", pixel_format, (5, 9)) >= CLOSE_DB


def test_frames_come_in_order_though_each_is_asked_for_after_the_next_is_begun(sources: dict[str, Path]) -> None:
    """Also where frames repeat, and where the clip alone is shown and its frames need no device at all."""
    plan = plan_of(film((160, 90), video(), logo(time=1, duration=0.5, width="30%")), sources)
    films = [
        [plane_view(frame, 0).copy() for frame in FrameSource(plan, sources, "yuv420p", executor=executor)]
        for executor in (None, TorchExecutor("cpu"))
    ]
    assert len(films[0]) == len(films[1]) == plan.canvas.frame_count
    assert all(np.abs(a.astype(int) - b.astype(int)).max() <= 2 for a, b in zip(*films, strict=True))


def test_rendering_on_a_cpu_does_not_load_torch() -> None:
    check = """import sys, gpu_tasks.render, gpu_tasks.engine.executors as executors
executors.machine_executor()
print('torch' in sys.modules)"""
    done = subprocess.run(
        [sys.executable, "-c", check],
        capture_output=True,
        text=True,
        check=True,
        env={"FRAMELANE_ACCELERATOR": "cpu", "PATH": ""},
    )
    assert done.stdout.strip() == "False"


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_without_a_gpu_the_executor_says_so() -> None:
    with pytest.raises(RuntimeError, match="torch finds no CUDA device"):
        TorchExecutor("cuda")
