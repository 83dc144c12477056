"""A job that was accepted survives the process that accepted it."""

import time

import httpx

from scripts.client import Client
from scripts.live import Platform, is_ready, processes_of
from tests.killing import kill_all

SCENE = {
    "width": 320,
    "height": 180,
    "duration": 2,
    "elements": [{"type": "text", "text": "Still here", "time": 0, "duration": 2, "font_size": 30}],
}


def test_a_job_completes_although_the_web_is_killed_right_after_its_answer(platform: Platform, alice: Client) -> None:
    job = alice.submit(SCENE)
    killed = [pid for pid, command in processes_of(platform.home).items() if "gunicorn" in command]
    assert killed
    kill_all(killed)
    done = _wait_through_the_restart(platform, alice, job["id"])
    assert done["status"] == "completed", done["error"]


def _wait_through_the_restart(platform: Platform, client: Client, job_id: str) -> dict[str, object]:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline:
        try:
            if is_ready(platform.url):
                return client.wait(job_id)
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise AssertionError(f"the web did not come back:\n{platform.log_tail()}")
