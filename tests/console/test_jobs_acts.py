"""Downloading, cancelling and running again."""

from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.jobs.models import Job
from apps.workspaces.models import Workspace
from tests.console.jobs_made import SCENE, SOURCE, TASK_TYPES, a_job
from tests.console.people import signed_in
from tests.people import Person

KEY = "0" * 32


@pytest.fixture
def browser(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/store"
    settings.FRAMELANE_INGEST_EXTERNAL = False
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"


def said(response: Any) -> str:
    """The page that the browser lands on."""
    return unescape(response.content.decode())


def rerun(browser: Client, job: Job, **fields: str) -> Any:
    return browser.post(f"/console/jobs/{job.id}/rerun", fields, follow=True)


def test_a_download_leads_to_the_file_by_a_good_name(alice: Person, browser: Client) -> None:
    job = a_job(alice, request={**SCENE, "output_filename": "summer.mp4"})
    response = browser.get(f"/console/jobs/{job.id}/download")
    assert response.status_code == 302
    assert "output.mp4" in response.headers["Location"]
    assert "summer.mp4" in response.headers["Location"]


@pytest.mark.parametrize("extension", ["srt", "vtt"])
def test_subtitles_lie_beside_a_transcript(alice: Person, browser: Client, extension: str) -> None:
    job = a_job(alice, task_type="transcribe")
    location = browser.get(f"/console/jobs/{job.id}/download", {"as": extension}).headers["Location"]
    assert f"output.{extension}" in location
    assert f"{job.id}.{extension}" in location


@pytest.mark.parametrize(("task_type", "wanted"), [("transcribe", "exe"), ("", "srt"), ("transcribe", "../x")])
def test_nothing_else_lies_there(alice: Person, browser: Client, task_type: str, wanted: str) -> None:
    job = a_job(alice, task_type=task_type)
    assert browser.get(f"/console/jobs/{job.id}/download", {"as": wanted}).status_code == 404


def test_downloads_before_and_after_their_time_are_refused(alice: Person, browser: Client) -> None:
    queued, gone = a_job(alice, "queued"), a_job(alice)
    Job.objects.filter(id=gone.id).update(output_gone_at=gone.completed_at)
    assert browser.get(f"/console/jobs/{queued.id}/download").status_code == 409
    assert browser.get(f"/console/jobs/{gone.id}/download").status_code == 410


@pytest.mark.parametrize(("status", "expected"), [("queued", "cancelled"), ("ingesting", "cancelled")])
def test_a_waiting_job_is_cancelled_at_once(alice: Person, browser: Client, status: str, expected: str) -> None:
    job = a_job(alice, status)
    response = browser.post(f"/console/jobs/{job.id}/cancel", follow=True)
    assert "The job is cancelled." in said(response)
    assert Job.objects.get(id=job.id).status == expected


def test_a_running_job_is_asked_to_stop(alice: Person, browser: Client) -> None:
    job = a_job(alice, "processing")
    response = browser.post(f"/console/jobs/{job.id}/cancel", follow=True)
    assert "is being cancelled" in said(response)
    assert Job.objects.get(id=job.id).cancel_requested


def test_what_has_ended_is_not_cancelled(alice: Person, browser: Client) -> None:
    job = a_job(alice)
    response = browser.post(f"/console/jobs/{job.id}/cancel", follow=True)
    assert "is already completed" in said(response)
    assert Job.objects.get(id=job.id).status == "completed"


def test_a_render_runs_again_with_the_same_request(alice: Person, browser: Client) -> None:
    job = a_job(alice)
    response = rerun(browser, job)
    again = Job.objects.exclude(id=job.id).get()
    assert response.redirect_chain == [(f"/console/jobs/{again.id}", 302)]
    assert (again.request, again.metadata, again.status) == (job.request, job.metadata, "queued")


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_a_task_runs_again_as_the_same_task(alice: Person, browser: Client, task_type: str) -> None:
    job = a_job(alice, task_type=task_type, request={"source_url": SOURCE})
    rerun(browser, job)
    again = Job.objects.exclude(id=job.id).get()
    assert (again.kind, again.task_type, again.request) == ("task", task_type, job.request)


def test_pressing_twice_makes_one_job(alice: Person, browser: Client) -> None:
    job = a_job(alice)
    first, second = rerun(browser, job, key=KEY), rerun(browser, job, key=KEY)
    assert first.redirect_chain == second.redirect_chain
    assert Job.objects.count() == 2


@pytest.mark.parametrize("key", ["", "x", "é" * 400, "\0"])
def test_a_key_that_no_form_had_counts_for_nothing(alice: Person, browser: Client, key: str) -> None:
    rerun(browser, a_job(alice), key=key)
    assert Job.objects.count() == 2


def test_members_may_run_again_and_cancel(alice: Person) -> None:
    member, job = signed_in(alice, "member", email="m@example.org"), a_job(alice)
    rerun(member, job)
    again = Job.objects.exclude(id=job.id).get()
    member.post(f"/console/jobs/{again.id}/cancel")
    assert Job.objects.get(id=again.id).status == "cancelled"


@pytest.mark.parametrize("act", ["cancel", "rerun"])
def test_others_jobs_are_left_alone(alice: Person, bob: Person, browser: Client, act: str) -> None:
    job = a_job(bob, "queued")
    assert browser.post(f"/console/jobs/{job.id}/{act}").status_code == 404
    assert list(Job.objects.values_list("id", "status")) == [(job.id, "queued")]


@pytest.mark.parametrize("act", ["cancel", "rerun"])
def test_reading_an_act_does_nothing(alice: Person, browser: Client, act: str) -> None:
    job = a_job(alice, "queued")
    assert browser.get(f"/console/jobs/{job.id}/{act}").status_code == 405
    assert Job.objects.get().status == "queued"


@pytest.mark.parametrize("act", ["cancel", "rerun"])
def test_a_form_of_elsewhere_does_nothing(alice: Person, act: str) -> None:
    job, careful = a_job(alice, "queued"), Client(enforce_csrf_checks=True)
    careful.cookies = signed_in(alice, "member", email="m@example.org").cookies
    assert careful.post(f"/console/jobs/{job.id}/{act}").status_code == 403
    assert Job.objects.get().status == "queued"


def refused(browser: Client, job: Job, why: str) -> None:
    text = said(rerun(browser, job))
    assert "The job was not run again." in text
    assert why in text
    assert Job.objects.count() == 1


def test_an_unverified_workspace_is_told_so(alice: Person, browser: Client) -> None:
    Workspace.objects.update(verified_at=None)
    refused(browser, a_job(alice), "still to be verified")


def test_a_workspace_that_does_not_pay_is_told_so(alice: Person, browser: Client) -> None:
    Workspace.objects.update(plan_status="cancelled")
    refused(browser, a_job(alice), "read-only")


def test_used_up_minutes_are_told(alice: Person, browser: Client) -> None:
    Workspace.objects.update(plan="free")
    refused(browser, a_job(alice, request={**SCENE, "duration": 4000}), "25 render-minutes")


def test_a_size_beyond_the_plan_is_told(alice: Person, browser: Client) -> None:
    Workspace.objects.update(plan="free")
    refused(browser, a_job(alice, request={**SCENE, "width": 3840, "height": 2160}), "The free plan renders up to")


def test_a_request_of_former_rules_is_told(alice: Person, browser: Client) -> None:
    refused(browser, a_job(alice, request={"elements": [{"type": "hologram"}]}), "no longer accepted")


def test_what_this_installation_cannot_do_is_told(alice: Person, browser: Client, settings: Any) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    refused(browser, a_job(alice, task_type="transcribe"), "no longer accepted")


@pytest.mark.usefixtures("still_minute")
def test_running_again_counts_as_a_request_of_the_workspace(alice: Person, browser: Client, settings: Any) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = 1
    job = a_job(alice)
    assert alice.get("/v1/renders").status_code == 200
    refused(browser, job, "More than 1 requests in a minute")
    assert browser.post(f"/console/jobs/{job.id}/cancel").status_code == 429
