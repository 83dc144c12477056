"""A render survives the kill of its worker, with the real engine under a supervisor that restarts what dies."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.client import Client
from scripts.demo.film import check_film
from scripts.live import Platform, processes_of, running_platform
from tests.folders import files_below
from tests.killing import kill_all

IMPATIENT = {"FRAMELANE_JOB_LEASE_S": "10", "FRAMELANE_JOB_HEARTBEAT_S": "1", "FRAMELANE_JOB_SWEEP_S": "1"}
"""The same mechanism as with the minute-long default, only sooner."""
COUNT_USAGE = "from apps.billing.models import UsageRecord; print(UsageRecord.objects.filter(job_id='{}').count())"


@pytest.fixture
def impatient_platform(own_settings: dict[str, str], tmp_path: Path) -> Iterator[Platform]:
    with running_platform(tmp_path / "platform", {**own_settings, **IMPATIENT}) as running:
        yield running


def test_a_render_completes_on_the_next_worker(impatient_platform: Platform, flash_clip: Path, tmp_path: Path) -> None:
    with Client(impatient_platform.url, impatient_platform.create_workspace("Bob's films", "bob@example.com")) as bob:
        scene = _several_seconds_of_work(bob.upload(flash_clip))
        job = bob.submit(scene)
        _wait_until_composing(bob, job["id"])
        killed = _kill_workers(impatient_platform)
        assert killed
        done = bob.wait(job["id"], poll_s=5)
        assert done["status"] == "completed", done["error"]
        check_film(bob.download(job["id"], tmp_path / "film.mp4"), scene)
    outputs = [path for path in files_below(impatient_platform.home / "store") if job["id"] in str(path)]
    assert len(outputs) == 1
    assert impatient_platform.manage("shell", "--no-imports", "-c", COUNT_USAGE.format(job["id"])) == "1"


def _several_seconds_of_work(source_url: str) -> dict[str, object]:
    clips = [{"type": "video", "source_url": source_url, "time": 4 * n} for n in range(5)]
    return {"width": 1920, "height": 1080, "duration": 20, "elements": clips}


def _wait_until_composing(client: Client, job_id: str) -> None:
    deadline = time.monotonic() + 240
    while client.get(job_id)["progress_stage"] not in ("compositing", "encoding"):
        assert time.monotonic() < deadline, "the render did not begin"
        time.sleep(0.1)


def _kill_workers(platform: Platform) -> list[int]:
    """kill -9 to every process of the render worker, the engine with it."""
    found = [pid for pid, command in processes_of(platform.home).items() if "cpu@" in command]
    kill_all(found)
    return found
