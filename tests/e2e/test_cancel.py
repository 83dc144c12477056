"""Cancelling stops the work, not just the row."""

import time
from collections.abc import Callable
from pathlib import Path

from scripts.client import Client
from scripts.live import Platform, processes_of
from tests.folders import files_below

BEGINS_WITHIN_S = 240
STOPPED_WITHIN_S = 5


def long_scene(source_url: str) -> dict[str, object]:
    """Two minutes in full HD: work for far longer than the test waits."""
    repeats = [{"type": "video", "source_url": source_url, "time": 4 * n, "speed": 1} for n in range(30)]
    return {"width": 1920, "height": 1080, "duration": 120, "elements": repeats}


def test_a_cancelled_render_stops_and_frees_its_scratch_folder(
    platform: Platform, alice: Client, flash_url: str
) -> None:
    job = alice.submit(long_scene(flash_url))
    wait_for(lambda: alice.get(job["id"])["progress_stage"] in ("compositing", "encoding"), BEGINS_WITHIN_S)
    folder = scratch_of(platform, job["id"])
    assert works_in(folder, "gpu_tasks.render")
    assert files_below(folder)
    cancelled = alice.call("DELETE", f"/v1/renders/{job['id']}")
    assert cancelled["id"] == job["id"]
    wait_for(lambda: not processes_of(folder) and not folder.exists(), STOPPED_WITHIN_S)
    wait_for(lambda: alice.get(job["id"])["status"] == "cancelled", STOPPED_WITHIN_S)


def scratch_of(platform: Platform, job_id: str) -> Path:
    """The folder of a job; beside it may lie those of others, and of previews."""
    return platform.home / "scratch" / str(job_id)


def works_in(folder: Path, module: str) -> bool:
    """Whether a process of this module works in a folder."""
    return any(module in command for command in processes_of(folder).values())


def wait_for(condition: Callable[[], bool], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s} s"
        time.sleep(0.1)
