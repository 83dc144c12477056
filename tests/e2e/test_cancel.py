"""Cancelling stops the work, not just the row."""

import time
from collections.abc import Callable
from pathlib import Path

from scripts.client import Client
from scripts.live import Platform, processes_of
from tests.folders import files_below

STOPPED_WITHIN_S = 5


def long_scene(source_url: str) -> dict[str, object]:
    """Two minutes in full HD: work for far longer than the test waits."""
    repeats = [{"type": "video", "source_url": source_url, "time": 4 * n, "speed": 1} for n in range(30)]
    return {"width": 1920, "height": 1080, "duration": 120, "elements": repeats}


def test_a_cancelled_render_stops_and_frees_its_scratch_folder(
    platform: Platform, alice: Client, flash_url: str
) -> None:
    job = alice.submit(long_scene(flash_url))
    wait_for(lambda: alice.get(job["id"])["progress_stage"] in ("compositing", "encoding"), 60)
    assert _engines(platform)
    assert scratch_files(platform)
    cancelled = alice.call("DELETE", f"/v1/renders/{job['id']}")
    assert cancelled["id"] == job["id"]
    wait_for(lambda: not _engines(platform) and not scratch_files(platform), STOPPED_WITHIN_S)
    wait_for(lambda: alice.get(job["id"])["status"] == "cancelled", STOPPED_WITHIN_S)


def _engines(platform: Platform) -> list[str]:
    return [command for command in processes_of(platform.home).values() if "gpu_tasks.render" in command]


def scratch_files(platform: Platform) -> list[Path]:
    return files_below(platform.home / "scratch")


def wait_for(condition: Callable[[], bool], timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {timeout_s} s"
        time.sleep(0.1)
