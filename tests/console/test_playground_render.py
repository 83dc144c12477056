"""Rendering from the playground: the rules of the API, shown in place."""

import json
from typing import Any
from unittest.mock import ANY

import pytest
from django.test import Client
from django.urls import reverse

from apps.console.playground.requests import as_written
from apps.jobs.models import Job, Status
from apps.workspaces.models import Workspace
from framelane.lib import clock
from tests.console.people import signed_in
from tests.people import Person, make_person

SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
HTMX = {"HX-Request": "true"}


def render(client: Client, source: Any = SCENE, token: str = "form_1", htmx: bool = True) -> Any:
    text = source if isinstance(source, str) else json.dumps(source)
    headers = HTMX if htmx else {}
    return client.post(reverse("console:playground-render"), {"source": text, "token": token}, headers=headers)


def progress(client: Client, job: Job) -> str:
    page: str = client.get(reverse("console:playground-job", args=[job.id]), headers=HTMX).content.decode()
    return page


@pytest.fixture
def client(alice: Person) -> Client:
    return signed_in(alice)


def ended(job: Job, status: str = Status.COMPLETED, **fields: Any) -> Job:
    """The job as its worker leaves it."""
    now = clock.now()
    values = {"status": status, "started_at": now, "completed_at": now, "progress_percent": 100, **fields}
    Job.objects.filter(id=job.id).update(**values)
    job.refresh_from_db()
    return job


def completed(job: Job, name: str = "film.mp4") -> Job:
    return ended(
        job,
        output_key=f"{job.workspace_id}/jobs/{job.id}/{name}",
        output_width=1280,
        output_height=720,
        output_duration_s=1.0,
        output_bytes=2048,
    )


def test_a_render_is_queued_and_watched(client: Client, alice: Person) -> None:
    response = render(client)
    job = Job.objects.get()
    page = response.content.decode()
    assert (response.status_code, job.workspace_id, job.request) == (200, alice.workspace.id, SCENE)
    assert "Waiting for a worker" in page
    assert f'hx-get="{reverse("console:playground-job", args=[job.id])}"' in page
    assert 'hx-swap-oob="true"' in page


def test_without_a_script_the_answer_leads_on(client: Client) -> None:
    response = render(client, htmx=False)
    job = Job.objects.get()
    assert response.status_code == 302
    assert job.id in response.headers["Location"]


def test_a_form_that_is_sent_twice_makes_one_render(client: Client) -> None:
    render(client)
    again = render(client, json.dumps(SCENE, indent=4))
    assert Job.objects.count() == 1
    assert Job.objects.get().id in again.content.decode()


def test_a_form_that_was_edited_or_drawn_anew_makes_another(client: Client) -> None:
    render(client)
    render(client, {**SCENE, "duration": 2})
    render(client, token="form_2")
    assert Job.objects.count() == 3


def test_what_is_wrong_is_shown_in_place(client: Client) -> None:
    response = render(client, '{\n"duration": -1}')
    page = response.content.decode()
    assert response.status_code == 422
    assert "Line 2" in page
    assert "duration" in page
    assert not Job.objects.exists()


@pytest.mark.parametrize("source", ["", "{", '{"duration": NaN}', '{"a": "\\u0000"}', "[" * 100_000])
def test_what_is_no_json_is_refused(client: Client, source: str) -> None:
    assert render(client, source).status_code == 422
    assert not Job.objects.exists()


def test_without_a_script_the_page_keeps_what_was_written(client: Client) -> None:
    response = render(client, '{"duration": -1, "note": "</textarea><b>"}', htmx=False)
    page = response.content.decode()
    assert response.status_code == 422
    assert "&lt;/textarea&gt;&lt;b&gt;" in page
    assert "Line 1" in page


def test_the_plan_is_kept_to(db: None) -> None:
    client = signed_in(make_person("Poor", plan="free"))
    response = render(client, {**SCENE, "width": 3840, "height": 2160})
    assert response.status_code == 403
    assert "Your plan does not allow this" in response.content.decode()


def test_minutes_that_are_used_up_are_said(db: None) -> None:
    client = signed_in(make_person("Poor", plan="free"))
    response = render(client, {**SCENE, "duration": 25 * 60 + 1})
    assert response.status_code == 402
    assert "Your minutes are used up" in response.content.decode()
    assert not Job.objects.exists()


@pytest.mark.usefixtures("still_minute")
def test_renders_count_like_those_of_the_api(client: Client, alice: Person, settings: Any) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = 3
    assert render(client, token="a").status_code == 200
    assert alice.get("/v1/renders").headers["RateLimit-Remaining"] == "1"
    assert render(client, "{").status_code == 422
    refused = render(client, token="b")
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert "Too fast" in refused.content.decode()
    assert alice.get("/v1/renders").status_code == 429
    assert Job.objects.count() == 1


def test_an_address_has_to_be_verified_first(client: Client, alice: Person) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(verified_at=None)
    response = render(client)
    assert response.status_code == 403
    assert "not verified" in response.content.decode()
    assert not Job.objects.exists()


def test_progress_is_told_in_words(client: Client) -> None:
    render(client)
    job = Job.objects.get()
    Job.objects.filter(id=job.id).update(
        status=Status.PROCESSING, lease_until=clock.now(), progress_stage="encoding", progress_percent=63
    )
    page = progress(client, job)
    assert "Encoding" in page
    assert 'value="63"' in page


def test_renders_that_come_before_are_counted(client: Client) -> None:
    for token in "abc":
        render(client, token=token)
    last = Job.objects.order_by("created_at").last()
    assert last is not None
    assert "2 of your renders are before it." in progress(client, last)


def test_a_finished_film_is_played(client: Client) -> None:
    render(client)
    page = progress(client, completed(Job.objects.get()))
    assert "<video" in page
    assert "1280 × 720" in page
    assert "Download" in page
    assert "hx-trigger" not in page
    assert "$FRAMELANE_KEY" in page
    assert "/v1/renders" in page


def test_a_picture_is_shown_and_prores_only_downloaded(client: Client) -> None:
    render(client)
    job = Job.objects.get()
    assert "<img" in progress(client, completed(job, "frame.png"))
    page = progress(client, completed(job, "film.mov"))
    assert "<video" not in page
    assert "ProRes" in page


def test_a_film_that_was_deleted_says_so(client: Client) -> None:
    render(client)
    job = completed(Job.objects.get())
    Job.objects.filter(id=job.id).update(output_gone_at=clock.now())
    page = progress(client, job)
    assert "deleted" in page
    assert "Download" not in page


def test_a_failure_says_why_and_nothing_in_it_is_alive(client: Client) -> None:
    render(client)
    job = ended(
        Job.objects.get(), Status.FAILED, error_code="internal", error_message='"><script>alert(1)</script>{{7*7}}'
    )
    page = progress(client, job)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "<script>alert" not in page


def test_a_render_can_be_cancelled(client: Client) -> None:
    render(client)
    job = Job.objects.get()
    response = client.post(reverse("console:playground-cancel", args=[job.id]), headers=HTMX)
    job.refresh_from_db()
    assert (response.status_code, job.status) == (200, Status.CANCELLED)
    again = client.post(reverse("console:playground-cancel", args=[job.id]), headers=HTMX)
    assert "Cancelled" in again.content.decode()


@pytest.mark.parametrize("name", ["playground-job", "playground-cancel"])
def test_renders_of_others_do_not_exist(name: str, client: Client, bob: Person) -> None:
    render(client)
    address = reverse(f"console:{name}", args=[Job.objects.get().id])
    stranger = signed_in(bob)
    response = stranger.get(address) if name == "playground-job" else stranger.post(address)
    assert response.status_code == 404
    assert Job.objects.get().status == Status.QUEUED


def test_the_request_of_an_earlier_render_is_opened(client: Client, bob: Person) -> None:
    render(client)
    job = completed(Job.objects.get())
    response = client.get(reverse("console:playground"), {"job": job.id})
    assert json.loads(response.context["source"]) == SCENE
    assert "<video" in response.content.decode()
    assert signed_in(bob).get(reverse("console:playground"), {"job": job.id}).status_code == 404


@pytest.mark.parametrize("query", [{"job": "render_nonsense"}, {"job": "\0"}, {"template": "../urls"}])
def test_nonsense_is_not_found(client: Client, query: dict[str, str]) -> None:
    assert client.get(reverse("console:playground"), query).status_code == 404


def test_the_command_holds_the_request(client: Client) -> None:
    render(client, {**SCENE, "metadata": {"note": "it's $HOME `id`\nREQUEST"}})
    job = completed(Job.objects.get())
    response = client.get(reverse("console:playground-job", args=[job.id]))
    command = response.context["shown"].curl
    body = command.split("<<'REQUEST'\n")[1].removesuffix("REQUEST\n")
    assert json.loads(body) == {**SCENE, "metadata": ANY}
    assert "\nREQUEST\n" not in f"\n{body}"


def test_earlier_requests_read_as_people_write_them() -> None:
    kept = {"duration": 5.0, "elements": [{"time": 0.5, "x": "5.0", "type": "text", "text": "a"}]}
    written = as_written(kept)
    assert written == kept
    assert json.dumps(written) == (
        '{"duration": 5, "elements": [{"type": "text", "text": "a", "time": 0.5, "x": "5.0"}]}'
    )


def test_members_may_render_too(alice: Person) -> None:
    assert render(signed_in(alice, role="member", email="max@example.org")).status_code == 200


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    assert Client().get(reverse("console:playground")).status_code == 302
    assert render(Client(), htmx=False).status_code == 302
