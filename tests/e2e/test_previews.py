"""The pictures of a finished film, made by the workers of a live platform."""

import json
import time
from typing import Any

import httpx
import pytest

from scripts.client import Client
from scripts.live import Platform

pytestmark = pytest.mark.once
PATIENCE_S = 240
SCENE = {
    "width": 640,
    "height": 360,
    "duration": 2,
    "elements": [{"type": "text", "text": "Preview me", "duration": 2, "font_size": 90}],
}
ASK = """
import json
from apps.previews.models import Preview
from apps.previews.selectors import preview_of
row = Preview.objects.select_related("workspace").filter(subject_id="{}").first()
links = row and preview_of(row.workspace, row.subject_id)
print(json.dumps([links.poster_url, links.strip_url, links.strip_frames] if links else None))
"""


def test_a_finished_render_gets_its_pictures(platform: Platform, alice: Client) -> None:
    done = alice.wait(alice.submit(SCENE)["id"])
    assert done["status"] == "completed", done["error"]
    poster_url, strip_url, strip_frames = _links(platform, done["id"])
    assert strip_frames == 12
    for url in (poster_url, strip_url):
        answer = httpx.get(url, timeout=60, trust_env=False)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.content[:3] == b"\xff\xd8\xff"


def _links(platform: Platform, job_id: str) -> Any:
    give_up_at = time.monotonic() + PATIENCE_S
    while time.monotonic() < give_up_at:
        links = json.loads(platform.manage("shell", "--no-imports", "-c", ASK.format(job_id)))
        if links:
            return links
        time.sleep(1)
    pytest.fail(f"{job_id} has no preview: {platform.log_tail()}")
