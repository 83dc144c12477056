"""From a file to a film, and back: what the package is for."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from framelane import JobCancelled, JobFailed, Timeline, WaitTimedOut
from framelane.errors import Conflict
from framelane.types import Job, RenderRequest, TextElement
from live import CLIP, PATIENCE_S, Clients, endless_scene, seconds_of_mp4, text_scene


def test_a_clip_becomes_a_film_on_disk(client: Any, tmp_path: Path) -> None:
    sent: list[tuple[int, int | None]] = []
    upload = client.uploads.upload(CLIP, on_progress=lambda done, total: sent.append((done, total)))
    assert sent[-1] == (CLIP.stat().st_size, CLIP.stat().st_size)
    states: list[Job] = []
    video = {"type": "video", "source_url": upload.source_url, "out_point": 1.5}
    title = {"type": "text", "text": "The sea", "duration": 1, "font_size": 40}
    scene = {"width": 320, "height": 180, "elements": [video, title], "metadata": {"for": "the journey"}}
    job = client.renders.create_and_wait(scene, on_progress=states.append)
    assert job.status == "completed"
    assert states[-1].progress_percent == 100
    assert [state.progress_percent for state in states] == sorted(state.progress_percent for state in states)
    assert job.metadata == {"for": "the journey"}
    received: list[tuple[int, int | None]] = []
    path = client.renders.download(job, tmp_path / "film.mp4", on_progress=lambda *now: received.append(now))
    assert path == tmp_path / "film.mp4"
    assert seconds_of_mp4(path) == pytest.approx(1.5, abs=0.05)
    assert received[-1] == (path.stat().st_size, path.stat().st_size) == (job.output.size_bytes,) * 2
    assert [each.name for each in tmp_path.iterdir()] == ["film.mp4"]


@pytest.mark.parametrize(
    "scene",
    [
        text_scene(),
        RenderRequest(width=160, height=90, elements=[TextElement(type="text", text="Model", duration=1)]),
        Timeline(width=160, height=90).text("Timeline", duration=1),
    ],
    ids=["dict", "model", "timeline"],
)
def test_scenes_of_every_kind_are_rendered(client: Any, scene: Any) -> None:
    assert client.renders.validate(scene).valid is True
    job = client.renders.create(scene)
    assert client.renders.wait(job.id, timeout_s=PATIENCE_S).output.duration == pytest.approx(1, abs=0.05)


def test_what_is_no_scene_is_refused_before_anything_is_sent(client: Any) -> None:
    with pytest.raises(TypeError, match="a list is no scene"):
        client.renders.create([text_scene()])
    with pytest.raises(TypeError, match="cannot be part of a request"):
        client.renders.create({"elements": [object()]})


def test_a_job_that_fails_is_raised_with_its_cause(client: Any) -> None:
    nowhere = {"type": "image", "id": "a", "source_url": "http://127.0.0.1:9/nothing.png", "duration": 1}
    with pytest.raises(JobFailed, match=r"source_not_found|ingest_failed|invalid_source") as caught:
        client.renders.create_and_wait({"elements": [nowhere], "ingest_external": False}, timeout_s=PATIENCE_S)
    assert caught.value.job.status == "failed"
    assert caught.value.job.error is not None


def test_a_wait_ends_when_its_time_is_over_and_the_job_goes_on(client: Any) -> None:
    job = client.renders.create(endless_scene())
    with pytest.raises(WaitTimedOut) as caught:
        client.renders.wait(job, timeout_s=0)
    assert caught.value.job.id == job.id
    assert client.renders.cancel(job).status in ("processing", "cancelled")
    with pytest.raises(JobCancelled) as ended:
        client.renders.wait(job, timeout_s=PATIENCE_S)
    assert ended.value.job.id == job.id
    with pytest.raises(Conflict):
        client.renders.cancel(client.renders.create_and_wait(text_scene()))


def test_reading_a_job_can_wait_for_its_end(client: Any) -> None:
    job = client.renders.create(text_scene())
    deadline = time.monotonic() + PATIENCE_S
    while job.status != "completed":
        asked = time.monotonic()
        assert asked < deadline, f"it is still {job.status}"
        job = client.renders.get(job, wait_s=25)
        # A busy machine may need more than one wait, but none ends before its time.
        assert job.status == "completed" or time.monotonic() - asked > 24
    for wrong in (-1, 26):
        with pytest.raises(ValueError, match="it must be 0 to 25"):
            client.renders.get(job, wait_s=wrong)


def test_two_clients_share_nothing(clients: Clients, newcomer: Any) -> None:
    from framelane import NotFound

    theirs = clients().renders.create(text_scene())
    with pytest.raises(NotFound):
        newcomer.renders.get(theirs)
    assert list(newcomer.renders.list()) == []
