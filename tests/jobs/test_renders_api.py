"""`/v1/renders`, as its clients meet it."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from apps.billing.models import UsageRecord
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from framelane.lib import clock
from framelane.lib.storage import get_store
from tests.jobs.conftest import SCENE, Broker, Submit, claimed, output_of, reloaded
from tests.people import Person, make_person

RENDERS = "/v1/renders"


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def finish(job: Job, folder: Path, extension: str = "mp4") -> Job:
    """Complete a job with a real object in the store."""
    held = claimed(job)
    output = output_of(held)
    output = output_of(held, key=output.key.replace(".mp4", f".{extension}"))
    (folder / "film").write_bytes(b"film")
    get_store().put_file(output.key, folder / "film", "video/mp4")
    assert attempts.complete(held, output)
    return reloaded(job)


def test_accepts_a_render(alice: Person, broker: Broker, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = alice.post(RENDERS, SCENE)
    assert response.status_code == 202
    body = response.json()
    assert body["id"].startswith("render_")
    assert (body["kind"], body["status"], body["task_type"]) == ("render", "queued", None)
    assert (body["progress_percent"], body["progress_stage"]) == (0, None)
    assert (body["output"], body["error"], body["completed_at"]) == (None, None, None)
    assert body["workspace_id"] == alice.workspace.id
    assert body["metadata"] == SCENE["metadata"]
    assert broker.hints() == [body["id"]]


def test_refuses_an_invalid_render_and_queues_nothing(alice: Person) -> None:
    response = alice.post(RENDERS, {"frame_rate": 1000})
    assert error_of(response) == (422, "validation_error")
    assert response.json()["error"]["details"]["fields"][0]["path"] == "/frame_rate"
    assert not Job.objects.exists()


def test_refuses_what_it_cannot_draw(alice: Person) -> None:
    motion = {"type": "ken_burns_in", "time": 0, "duration": 1, "reversed": True}
    element = {**SCENE["elements"][0], "motion": [motion]}
    assert error_of(alice.post(RENDERS, {"elements": [element]})) == (422, "unsupported_feature")


def test_replays_a_submission(alice: Person) -> None:
    first = alice.post(RENDERS, SCENE, HTTP_IDEMPOTENCY_KEY="one")
    second = alice.post(RENDERS, SCENE, HTTP_IDEMPOTENCY_KEY="one")
    other = alice.post(RENDERS, {**SCENE, "duration": 3}, HTTP_IDEMPOTENCY_KEY="one")
    assert (first.status_code, second.status_code) == (202, 200)
    assert first.json()["id"] == second.json()["id"]
    assert error_of(other) == (409, "idempotency_conflict")
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("plan", "size", "accepted"),
    [
        ("free", (1920, 1080), True),
        ("free", (1080, 1920), True),
        ("free", (1921, 1080), False),
        ("free", (1440, 1440), False),
        ("pro", (3840, 2160), True),
        ("pro", (2160, 3840), True),
        ("pro", (7680, 4320), False),
        ("enterprise", (7680, 4320), True),
        ("enterprise", (8192, 8192), False),
    ],
)
def test_holds_the_size_to_the_plan(db: None, plan: str, size: tuple[int, int], accepted: bool) -> None:
    charlie = make_person("Charlie", plan=plan)
    response = charlie.post(RENDERS, {**SCENE, "width": size[0], "height": size[1]})
    if accepted:
        assert response.status_code == 202
    else:
        assert error_of(response) == (403, "plan_limit")
        assert f"{size[0]}×{size[1]}" in response.json()["error"]["message"]


def test_shows_a_completed_render(alice: Person, submit: Submit, tmp_path: Path) -> None:
    job = finish(submit(), tmp_path)
    body = alice.get(f"{RENDERS}/{job.id}").json()
    assert (body["status"], body["progress_percent"], body["progress_stage"]) == ("completed", 100, "uploading")
    assert body["completed_at"] is not None
    output = body["output"]
    assert (output["width"], output["height"], output["duration"], output["size_bytes"]) == (1280, 720, 2.0, 1000)
    assert "signature=" in output["url"]


def test_shows_why_a_render_failed(alice: Person, submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="decode_failed", message="https://example.org/a.mp4 is damaged.")
    body = alice.get(f"{RENDERS}/{job.id}").json()
    assert body["error"] == {"code": "decode_failed", "message": "https://example.org/a.mp4 is damaged."}
    assert body["output"] is None


def test_shows_warnings(alice: Person) -> None:
    body = alice.post(RENDERS, {"elements": []}).json()
    assert [(warning["code"], warning["path"]) for warning in body["warnings"]] == [("EMPTY_TIMELINE", "/elements")]


def test_hides_the_renders_of_others(bob: Person, submit: Submit, tmp_path: Path) -> None:
    job = finish(submit(), tmp_path)
    assert error_of(bob.get(f"{RENDERS}/{job.id}")) == (404, "not_found")
    assert error_of(bob.delete(f"{RENDERS}/{job.id}")) == (404, "not_found")
    assert error_of(bob.get(f"{RENDERS}/{job.id}/download")) == (404, "not_found")
    assert bob.get(RENDERS).json()["data"] == []


def test_a_render_is_no_task(alice: Person, submit: Submit) -> None:
    assert error_of(alice.get(f"/v1/tasks/{submit().id}")) == (404, "not_found")


def test_lists_newest_first_by_pages(alice: Person, submit: Submit) -> None:
    made = [submit().id for _ in range(3)]
    first = alice.get(f"{RENDERS}?limit=2").json()
    assert ([row["id"] for row in first["data"]], first["has_more"]) == ([made[2], made[1]], True)
    submit()
    second = alice.get(f"{RENDERS}?limit=2&cursor={first['next_cursor']}").json()
    assert ([row["id"] for row in second["data"]], second["has_more"]) == ([made[0]], False)


def test_lists_by_status(alice: Person, submit: Submit) -> None:
    running, waiting = submit(), submit()
    claimed(running)
    found = alice.get(f"{RENDERS}?status=queued").json()["data"]
    assert [row["id"] for row in found] == [waiting.id]
    assert error_of(alice.get(f"{RENDERS}?status=finished")) == (422, "validation_error")


def test_a_long_poll_answers_at_once_for_what_has_ended(alice: Person, submit: Submit, tmp_path: Path) -> None:
    job = finish(submit(), tmp_path)
    assert alice.get(f"{RENDERS}/{job.id}?wait=25").json()["status"] == "completed"


def test_a_long_poll_answers_in_the_end_anyway(alice: Person, submit: Submit) -> None:
    assert alice.get(f"{RENDERS}/{submit().id}?wait=0.3").json()["status"] == "queued"


@pytest.mark.parametrize("wait", ["26", "-1", "soon", "nan"])
def test_a_long_poll_has_bounds(alice: Person, submit: Submit, wait: str) -> None:
    assert error_of(alice.get(f"{RENDERS}/{submit().id}?wait={wait}")) == (422, "validation_error")


def test_cancels_a_waiting_render(alice: Person, submit: Submit) -> None:
    job = submit()
    response = alice.delete(f"{RENDERS}/{job.id}")
    assert (response.status_code, response.json()["status"]) == (200, "cancelled")
    assert error_of(alice.delete(f"{RENDERS}/{job.id}")) == (409, "conflict")


def test_cancels_a_running_render(alice: Person, submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    assert alice.delete(f"{RENDERS}/{job.id}").status_code == 200
    attempts.confirm_cancel(held)
    assert alice.get(f"{RENDERS}/{job.id}").json()["status"] == "cancelled"
    assert not UsageRecord.objects.exists()


def test_download_redirects_to_a_signed_address(alice: Person, submit: Submit, tmp_path: Path) -> None:
    job = finish(submit(output_filename="holiday.mp4"), tmp_path)
    response = alice.get(f"{RENDERS}/{job.id}/download")
    assert response.status_code == 302
    query = parse_qs(urlsplit(response["Location"]).query)
    assert query["filename"] == ["holiday.mp4"]
    assert "signature" in query


@pytest.mark.parametrize(
    ("wanted", "saved_as"),
    [
        (None, "render_{}.webm"),
        ("film", "film.webm"),
        ("film.mp4", "film.mp4.webm"),
        ("../../etc/film.webm", "film.webm"),
        ("..", "render_{}.webm"),
    ],
)
def test_names_the_download(alice: Person, submit: Submit, tmp_path: Path, wanted: str | None, saved_as: str) -> None:
    fields = {"output_filename": wanted} if wanted is not None else {}
    job = finish(submit(output_format="webm", **fields), tmp_path, "webm")
    location = alice.get(f"{RENDERS}/{job.id}/download")["Location"]
    expected = saved_as.format(job.id.removeprefix("render_"))
    assert parse_qs(urlsplit(location).query)["filename"] == [expected]


def test_there_is_no_download_before_the_end(alice: Person, submit: Submit) -> None:
    assert error_of(alice.get(f"{RENDERS}/{submit().id}/download")) == (409, "not_ready")


def test_a_download_is_gone_after_its_retention(alice: Person, submit: Submit, tmp_path: Path) -> None:
    job = finish(submit(), tmp_path)
    Job.objects.filter(id=job.id).update(output_gone_at=clock.now())
    assert error_of(alice.get(f"{RENDERS}/{job.id}/download")) == (410, "gone")
    body = alice.get(f"{RENDERS}/{job.id}").json()
    assert (body["status"], body["output"]["url"]) == (Status.COMPLETED, None)
    assert body["warnings"][-1]["code"] == "OUTPUT_GONE"
