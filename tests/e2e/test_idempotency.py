"""One key, one job: over the wire, with several server processes and threads."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from scripts.client import ApiError, Client, Job

SCENE = {
    "width": 160,
    "height": 90,
    "duration": 0.5,
    "elements": [{"type": "text", "text": "Once", "time": 0, "duration": 0.5, "font_size": 20}],
}


def test_the_same_body_replays_the_first_answer(alice: Client) -> None:
    key = secrets.token_hex(8)
    first = alice.submit(SCENE, idempotency_key=key)
    status, replay = _post(alice, SCENE, key)
    assert (status, replay["id"]) == (200, first["id"])


def test_another_body_is_a_conflict(alice: Client) -> None:
    key = secrets.token_hex(8)
    alice.submit(SCENE, idempotency_key=key)
    with pytest.raises(ApiError, match="idempotency_conflict") as refused:
        alice.submit({**SCENE, "duration": 0.6}, idempotency_key=key)
    assert refused.value.status == 409


def test_twenty_at_the_same_instant_make_one_job(alice: Client) -> None:
    key = secrets.token_hex(8)
    before = _job_ids(alice)
    start = threading.Barrier(20)

    def post(_: int) -> tuple[int, Job]:
        start.wait()
        return _post(alice, SCENE, key)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    assert sorted(status for status, _ in answers) == [200] * 19 + [202]
    assert len({job["id"] for _, job in answers}) == 1
    assert len(_job_ids(alice) - before) == 1


def _post(client: Client, scene: dict[str, object], key: str) -> tuple[int, Job]:
    response = client.send("POST", "/v1/renders", json=scene, headers={"Idempotency-Key": key})
    return response.status_code, response.json()


def _job_ids(client: Client) -> set[str]:
    return {job["id"] for job in client.call("GET", "/v1/renders", params={"limit": 200})["data"]}
