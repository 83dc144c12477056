"""Requests that are nested as deeply as JSON may be: refused, or shown wherever jobs are shown."""

import json
from typing import Any

import pytest

from apps.jobs.models import Job
from tests.console.people import signed_in
from tests.people import Person

SCENE: dict[str, Any] = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
PAGES = (
    "/console/",
    "/console/jobs",
    "/console/jobs/{}",
    "/console/jobs/{}/request.json",
    "/console/playground?job={}",
)


@pytest.mark.parametrize("depth", [150, 480, 900])
@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_what_is_taken_can_be_shown(alice: Person, depth: int, opening: str) -> None:
    closing = "}" if opening.startswith("{") else "]"
    nested = opening * depth + "1" + closing * depth
    body = json.dumps(SCENE)[:-1] + f', "extra": {nested}}}'
    answer = alice.post_raw("/v1/renders", body.encode())
    assert answer.status_code in (202, 400, 422)
    client = signed_in(alice)
    client.raise_request_exception = False
    form = {"source": body, "token": "x"}
    assert client.post("/console/playground/check", form).status_code in (200, 422)
    assert client.post("/console/playground/render", form).status_code in (302, 400, 422)
    for job in Job.objects.filter(workspace=alice.workspace):
        for page in PAGES:
            assert client.get(page.format(job.id)).status_code == 200, page
        assert client.post(f"/console/jobs/{job.id}/rerun").status_code == 302
        assert alice.get(f"/v1/renders/{job.id}").status_code == 200
