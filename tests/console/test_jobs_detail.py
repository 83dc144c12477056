"""The page of one job, and the fragment that follows it."""

import json
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, get_args

import pytest
from django.test import Client

from apps.billing.models import UsageRecord
from apps.console.doing import STAGE_NAMES
from apps.console.jobs.errors import ADVICE, Place, places_in
from apps.console.jobs.outputs import MAX_TRANSCRIPT_BYTES
from apps.console.jobs.titles import TASK_ICONS, TASK_NAMES
from apps.jobs.models import Job, Stage
from apps.jobs.schemas import TaskType
from apps.jobs.timings import STARTED, WAITED
from apps.uploads.models import Asset
from apps.webhooks.models import Attempt, Endpoint, Message
from framelane.api.error_codes import ERROR_CODES
from framelane.lib import clock, ids
from framelane.lib.storage import get_links, get_store
from gpu_tasks.errors import JobErrorCode
from tests.console.jobs_made import ALL_STATUSES, HOSTILE, SOURCE, TASK_TYPES, a_job
from tests.console.people import signed_in
from tests.people import Person


@pytest.fixture
def browser(alice: Person) -> Client:
    return signed_in(alice)


@pytest.fixture(autouse=True)
def own_store(settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/store"


def page_of(browser: Client, job: Job, *, status: int = 200) -> str:
    response = browser.get(f"/console/jobs/{job.id}")
    assert response.status_code == status
    return unescape(response.content.decode())


def transcript(job: Job, content: Any, tmp_path: Path) -> None:
    """Put a result into the store."""
    file = tmp_path / "transcript.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    get_store().put_file(job.output_key, file, "application/json")


@pytest.mark.parametrize("status", ALL_STATUSES)
@pytest.mark.parametrize("task_type", ["", *TASK_TYPES])
def test_every_job_has_a_page_in_every_status(alice: Person, browser: Client, status: str, task_type: str) -> None:
    job = a_job(alice, status, task_type=task_type)
    html = page_of(browser, job)
    assert job.id in html
    assert f'class="badge {status}"' in html
    assert ("/cancel" in html) == (status in ("ingesting", "queued", "processing"))
    assert ("/download" in html) == (status == "completed")


@pytest.mark.parametrize(
    "job_id", ["render_01J8QR2K5VKDGN2T4FBM3CZYX7", "x", "asset_01J8QR2K5VKDGN2T4FBM3CZYX7", "%00"]
)
@pytest.mark.parametrize("suffix", ["", "/live", "/download", "/request.json"])
def test_what_is_not_there_is_404(browser: Client, job_id: str, suffix: str) -> None:
    assert browser.get(f"/console/jobs/{job_id}{suffix}").status_code == 404


@pytest.mark.parametrize("suffix", ["", "/live", "/download", "/request.json"])
def test_anothers_job_is_404_too(bob: Person, browser: Client, suffix: str) -> None:
    job = a_job(bob, "queued")
    missing = browser.get("/console/jobs/render_01J8QR2K5VKDGN2T4FBM3CZYX7" + suffix).content.decode()
    response = browser.get(f"/console/jobs/{job.id}{suffix}")
    assert response.status_code == 404
    assert response.content.decode().replace(job.id, "") == missing.replace("render_01J8QR2K5VKDGN2T4FBM3CZYX7", "")


def test_members_may_look(alice: Person) -> None:
    job = a_job(alice)
    assert "Greeting" in page_of(signed_in(alice, "member", email="m@example.org"), job)


def test_no_worker_is_named(alice: Person, browser: Client) -> None:
    assert "gpu-host-7" not in page_of(browser, a_job(alice, "processing", worker="gpu-host-7"))


def test_the_film_is_played_and_its_facts_told(alice: Person, browser: Client) -> None:
    job = a_job(alice)
    UsageRecord.objects.create(job_id=job.id, workspace=alice.workspace, kind="render", output_s=10)
    html = page_of(browser, job)
    assert "<video controls" in html
    for fact in ("1280 × 720", "MP4", "10 s of your minutes", "0.5 × real time", "Kept until"):
        assert fact in html


def test_a_file_that_is_gone_says_so(alice: Person, browser: Client) -> None:
    html = page_of(browser, a_job(alice, output_gone_at=clock.now()))
    assert "The file is gone" in html
    assert "<video" not in html
    assert "/download" not in html


def test_the_source_is_shown_beside_the_result(alice: Person, browser: Client) -> None:
    key = f"{alice.workspace.id}/uploads/face.png"
    Asset.objects.create(workspace=alice.workspace, key=key, kind="image", status="ready", expires_at=clock.now())
    request = {"source_url": get_links().stable(key), "scale": 2}
    html = page_of(browser, a_job(alice, task_type="super_resolution", request=request))
    assert html.count("<figure>") == 2
    assert "Asset of this workspace" in html


def test_a_source_elsewhere_is_not_loaded(alice: Person, browser: Client) -> None:
    html = page_of(browser, a_job(alice, task_type="remove_background"))
    assert "<figure>" not in html
    assert f'src="{SOURCE}' not in html


def test_a_copied_source_leads_to_its_asset(alice: Person, browser: Client) -> None:
    copy = Asset.objects.create(
        workspace=alice.workspace, key=f"{alice.workspace.id}/imports/x.mp4", kind="video", status="ready", duration=3,
        expires_at=clock.now(),
    )  # fmt: skip
    scene = {"elements": [{"type": "video", "source_url": SOURCE}]}
    html = page_of(browser, a_job(alice, "queued", request=scene, copies={SOURCE: copy.id}))
    assert "(copied)" in html
    assert "from the end" not in html
    assert "Video talk.mp4: 0 s to 3 s" in html


def test_sources_are_called_as_they_were_uploaded(alice: Person, browser: Client) -> None:
    key = f"{alice.workspace.id}/uploads/0f3a.mp4"
    names = {"kind": "video", "status": "ready", "filename": "beach.mp4", "duration": 3.0}
    Asset.objects.create(workspace=alice.workspace, key=key, expires_at=clock.now(), **names)
    url = get_links().stable(key)
    task = a_job(alice, task_type="transcribe", request={"source_url": url})
    film = a_job(alice, request={"duration": 3, "elements": [{"type": "video", "source_url": url}]})
    assert "Transcription of beach.mp4" in page_of(browser, task)
    assert '<text x="8" y="17.5">beach.mp4</text>' in page_of(browser, film)
    listed = browser.get("/console/jobs").content.decode()
    assert "Transcription of beach.mp4" in listed
    assert "Transcription of 0f3a.mp4" not in listed


def test_a_transcript_is_read_out_with_its_files(alice: Person, browser: Client, tmp_path: Path) -> None:
    job = a_job(alice, task_type="transcribe", output_bytes=100)
    transcript(job, {"text": "Hello <b>there</b>"}, tmp_path)
    html = page_of(browser, job)
    assert "Hello <b>there</b>" in html
    assert "?as=srt" in html
    assert "?as=vtt" in html


def test_speakers_are_told_apart(alice: Person, browser: Client, tmp_path: Path) -> None:
    job = a_job(alice, task_type="transcribe", output_bytes=100)
    said = [{"speaker": "A", "start": 65_000, "end": 66_000, "text": "Hi."}, {"speaker": None, "text": "Ho."}]
    transcript(job, {"text": "Hi. Ho.", "utterances": said}, tmp_path)
    html = page_of(browser, job)
    assert "1:05" in html
    assert "Ho." in html


@pytest.mark.parametrize("content", ["no json", "[1]", "{}", '{"utterances": "x"}', '{"utterances": [{}, 3]}'])
def test_a_broken_transcript_breaks_no_page(alice: Person, browser: Client, tmp_path: Path, content: str) -> None:
    job = a_job(alice, task_type="transcribe", output_bytes=10)
    transcript(job, content, tmp_path)
    page_of(browser, job)


@pytest.mark.parametrize("size_bytes", [10, MAX_TRANSCRIPT_BYTES + 1])
def test_a_transcript_that_is_long_or_lost_is_offered_as_a_file(
    alice: Person, browser: Client, size_bytes: int
) -> None:
    job = a_job(alice, task_type="transcribe", output_bytes=size_bytes)
    assert "The result is a file" in page_of(browser, job)


def test_every_error_code_has_advice() -> None:
    assert set(ADVICE) == {*get_args(JobErrorCode), *ERROR_CODES}


def test_every_task_and_stage_has_a_name() -> None:
    assert set(TASK_NAMES) == set(TASK_ICONS) == set(TaskType) == set(TASK_TYPES)
    assert set(STAGE_NAMES) == {WAITED, STARTED, *Stage.values}


@pytest.mark.parametrize("code", [code for code in get_args(JobErrorCode) if code != "cancelled"])
def test_a_failure_says_why_and_what_to_do(alice: Person, browser: Client, code: str) -> None:
    html = page_of(browser, a_job(alice, "failed", error_code=code, error_message=f"Because of {code}."))
    assert f"Because of {code}." in html
    assert ADVICE[code] in html


def test_a_failure_shows_where_in_the_request_it_lies(alice: Person, browser: Client) -> None:
    scene = {"elements": [{"type": "image", "id": "a", "duration": 1, "source_url": "https://a.example.org/a.png?s=1"}]}
    message = "https://a.example.org/a.png answered 404."
    html = page_of(browser, a_job(alice, "failed", request=scene, error_message=message))
    assert "/elements/0/source_url" in html


@pytest.mark.parametrize(
    ("message", "paths"),
    [
        ("https://x.example.org/a.mp4 is damaged.", ["/source_url"]),
        ("/elements/3/text: too long", ["/elements/3/text"]),
        ("Nothing is named here.", []),
        ("a://", []),
    ],
)
def test_places_are_named_or_quoted(message: str, paths: list[str]) -> None:
    request = {"source_url": "https://x.example.org/a.mp4?signature=secret", "short": "a://", "text": "Nothing"}
    assert [place.path for place in places_in(request, message)] == paths


def test_places_are_few() -> None:
    url = "https://x.example.org/a.mp4"
    found = places_in({"elements": [{"source_url": url}] * 20}, f"{url} {url}")
    assert len(found) == 5
    assert found[0] == Place("/elements/0/source_url", url)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_are_inert(alice: Person, browser: Client, name: str) -> None:
    scene = {
        "elements": [{"type": "text", "name": name, "text": name, "duration": 2}],
        "metadata": {name[:50]: name},
    }
    job = a_job(
        alice, "failed", request=scene, metadata={"title": name, name[:50]: name}, error_message=name,
        warnings=[{"code": "FONT_FALLBACK", "message": name, "path": name}],
    )  # fmt: skip
    html = browser.get(f"/console/jobs/{job.id}").content.decode()
    assert "<script>alert" not in html
    assert "</textarea>" not in html
    assert "style=" not in html
    assert "onerror" not in html


def test_a_request_of_former_rules_is_still_shown(alice: Person, browser: Client) -> None:
    job = a_job(alice, request={"elements": [{"type": "hologram"}], "width": "wide"})
    assert "hologram" in page_of(browser, job)


def test_a_very_large_request_is_shown_in_part_and_can_be_had_whole(alice: Person, browser: Client) -> None:
    scene = {"elements": [{"type": "text", "text": "x" * 9000, "duration": 1, "time": n} for n in range(40)]}
    job = a_job(alice, request=scene)
    html = page_of(browser, job)
    assert "only its beginning" in html
    response = browser.get(f"/console/jobs/{job.id}/request.json")
    assert json.loads(response.content) == scene
    assert "attachment" in response.headers["Content-Disposition"]


def test_deliveries_of_the_job_are_listed_and_nobody_elses(alice: Person, bob: Person, browser: Client) -> None:
    job = a_job(alice)
    for person, url in ((alice, "https://hooks.example.org/mine"), (bob, "https://hooks.example.org/theirs")):
        endpoint = Endpoint.objects.create(workspace=person.workspace, url=url, events=["*"])
        message = Message.objects.create(
            event_id=ids.new_id("evt"), workspace=person.workspace, type="render.completed", job_id=job.id, body="{}",
            happened_at=clock.now(),
        )  # fmt: skip
        Attempt.objects.create(
            workspace=person.workspace, endpoint=endpoint, message=message, job_id=job.id, max_attempts=3,
            status="dead", status_code=503,
        )  # fmt: skip
    html = page_of(browser, job)
    assert "hooks.example.org/mine" in html
    assert "given up" in html
    assert "theirs" not in html


def test_progress_is_followed_until_the_end(alice: Person, browser: Client) -> None:
    job = a_job(alice, "processing")
    live = f"/console/jobs/{job.id}/live"
    assert f'hx-get="{live}"' in page_of(browser, job)
    response = browser.get(live, HTTP_HX_REQUEST="true")
    assert 'data-progress="42"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    ended = clock.now() + timedelta(seconds=1)
    Job.objects.filter(id=job.id).update(status="cancelled", completed_at=ended, lease_until=None)
    assert browser.get(live, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize(
    ("status", "fields", "words"),
    [
        ("ingesting", {}, "Copying its sources"),
        ("queued", {}, "Waiting for a worker"),
        ("queued", {"awaited_asset": "asset_01J8QR2K5VKDGN2T4FBM3CZYX7"}, "Waiting for an upload"),
        ("processing", {}, "Compositing"),
        ("processing", {"progress_stage": ""}, "Starting"),
        ("processing", {"cancel_requested": True}, "Being cancelled"),
    ],
)
def test_what_goes_on_is_said_in_words(
    alice: Person, browser: Client, status: str, fields: dict[str, Any], words: str
) -> None:
    assert words in page_of(browser, a_job(alice, status, **fields))
