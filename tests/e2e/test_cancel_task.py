"""Cancelling a task stops its process and frees its folder, as for a render."""

from pathlib import Path

import pytest

from examples.sources.clip import write_clip
from examples.sources.music import air
from examples.sources.portrait import small_frames
from scripts.client import Client
from scripts.live import Platform, processes_of
from tests.e2e.test_cancel import BEGINS_WITHIN_S, STOPPED_WITHIN_S, scratch_of, wait_for, works_in
from tests.folders import files_below

pytestmark = pytest.mark.once

LENGTH_S = 40.0


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of a face that takes any task far longer than the test waits."""
    path = tmp_path_factory.mktemp("clips") / "face.mp4"
    write_clip(path, small_frames(LENGTH_S), air(LENGTH_S, seed=7, low_hz=200, high_hz=900, swell_s=1.0), crf=30)
    return path


@pytest.mark.parametrize(
    ("task", "options"),
    [
        ("super-resolution", {"scale": 4}),
        ("gaze-redirect", {"intensity": 1}),
        ("remove-background", {"format": "mov"}),
    ],
)
def test_a_cancelled_task_frees_everything(
    platform: Platform, alice: Client, clip: Path, task: str, options: dict[str, object]
) -> None:
    job = alice.call("POST", f"/v1/tasks/{task}", json={"source_url": alice.upload(clip), **options})
    path = f"/v1/tasks/{job['id']}"
    wait_for(lambda: alice.call("GET", path)["progress_percent"] > 10, BEGINS_WITHIN_S)
    folder = scratch_of(platform, job["id"])
    assert works_in(folder, "gpu_tasks.task")
    assert files_below(folder)
    alice.call("DELETE", path)
    wait_for(lambda: not processes_of(folder) and not folder.exists(), STOPPED_WITHIN_S)
    wait_for(lambda: alice.call("GET", path)["status"] == "cancelled", STOPPED_WITHIN_S)
