"""A workspace in which everything that somebody may name is named to do harm."""

import json
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from apps.api_keys.services import create_key
from apps.billing.models import UsageRecord
from apps.jobs.models import Job, Status
from apps.previews.models import Preview
from apps.uploads.models import Asset, Import
from apps.webhooks.models import Attempt, Endpoint, Message
from apps.workspaces.models import Invitation, Workspace
from apps.workspaces.services import create_workspace
from framelane.lib import clock, ids
from framelane.lib.storage import get_store
from tests.console.people import user_of
from tests.people import Person, make_person

MARKUP: Final = "\"'><img src=x onerror=alert(1)><script>alert(2)</script></textarea>{{7*7}}\u202e \U0001f3ac"
LONG: Final = "W" * 200
NAME: Final = f"{MARKUP} {LONG}"[:255]
"""As long as a name may be."""
URL: Final = 'https://files.example.org/"><script>alert(3)</script>.mp4'
ENDS: Final = {
    Status.COMPLETED: {"output_duration_s": 4.0, "output_width": 1280, "output_height": 720, "output_bytes": 12345},
    Status.FAILED: {"error_code": "source_not_found", "error_message": f"{URL} does not exist. {MARKUP} {LONG}"},
    Status.CANCELLED: {},
}


@dataclass(frozen=True)
class Things:
    """Whose they are, and ids of one of each kind."""

    person: Person
    jobs: dict[str, str]
    task: str
    transcript: str
    asset: str
    broken: str
    webhook: str
    delivery: str


def hostile_workspace() -> Things:
    """Somebody's workspace, full of it."""
    person = make_person("Alice")
    workspace = person.workspace
    Workspace.objects.filter(id=workspace.id).update(name=NAME)
    workspace.refresh_from_db()
    create_key(workspace=workspace, name=NAME)
    user_of(person, "member", email="eve@example.org")
    soon = clock.now() + timedelta(days=1)
    Invitation.objects.create(workspace=workspace, email="x@example.org", expires_at=soon)
    # Another workspace of the same name asks its owner in.
    host = create_workspace(name="Host", email="host@example.org", verified=True)
    Workspace.objects.filter(id=host.id).update(name=NAME)
    Invitation.objects.create(workspace=host, email=workspace.email, expires_at=soon)
    _import(workspace)
    UsageRecord.objects.create(workspace=workspace, job_id="used", kind="render", output_s=90)
    endpoint = Endpoint.objects.create(workspace=workspace, url=f"{URL}{LONG}", events=["*", MARKUP])
    attempt = _attempt(workspace, endpoint)
    jobs = {status.value: _render(workspace, status) for status in Status}
    task, transcript, asset, broken = _task(workspace), _transcript(workspace), _asset(workspace), _broken(workspace)
    return Things(person, jobs, task, transcript, asset, broken, endpoint.id, attempt.id)


def _render(workspace: Workspace, status: Status) -> str:
    text = {"type": "text", "text": f"{MARKUP} {LONG}", "duration": 3, "id": MARKUP[:60]}
    video = {"type": "video", "source_url": URL, "time": 1, "track": 2}
    return _job(workspace, "render", status, {"duration": 4, "elements": [text, video], MARKUP: MARKUP})


def _task(workspace: Workspace) -> str:
    return _job(workspace, "task", Status.FAILED, {"source_url": URL}, task_type="transcribe")


def _transcript(workspace: Workspace) -> str:
    """A task that has found out that somebody says it."""
    key = f"{workspace.id}/tasks/said/attempt-1/output.json"
    said = [
        {"speaker": MARKUP, "start": 0, "text": f"{MARKUP} {LONG}"},
        {"speaker": "</bdi>", "start": 1e300, "text": URL},
    ]
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        file.write(json.dumps({"text": MARKUP, "utterances": said}).encode())
        file.flush()
        get_store().put_file(key, Path(file.name), "application/json")
    job_id = _job(workspace, "task", Status.COMPLETED, {"source_url": URL}, task_type="transcribe")
    Job.objects.filter(id=job_id).update(output_key=key)
    return job_id


def _import(workspace: Workspace) -> None:
    key = f"{workspace.id}/imports/clip.mp4"
    Import.objects.create(workspace=workspace, url=URL, url_digest="0" * 64, filename=NAME, key=key, due_at=clock.now())


def _broken(workspace: Workspace) -> str:
    """A font that could not be used, with all that was found in it."""
    asset = Asset.objects.create(
        workspace=workspace,
        key=f"{workspace.id}/uploads/face.ttf",
        kind="font",
        status="failed",
        content_type="font/ttf",
        filename=NAME,
        size_bytes=1,
        source=f"{URL}{LONG}",
        error={"code": MARKUP, "message": f"{MARKUP} {LONG}"},
        info={"font_family": MARKUP, "video_codec": MARKUP, "audio_codec": MARKUP, "has_audio": True},
        expires_at=clock.now() + timedelta(days=1),
    )
    return asset.id


def _job(workspace: Workspace, kind: str, status: Status, request: dict[str, Any], **more: Any) -> str:
    now = clock.now()
    if status in ENDS:
        more |= {"completed_at": now, **ENDS[status]}
        more["output_key"] = f"{workspace.id}/gone.mp4" if status == Status.COMPLETED else ""
    if status == Status.PROCESSING:
        more |= {"lease_until": now + timedelta(hours=1), "progress_percent": 40, "progress_stage": "encoding"}
    job = Job.objects.create(
        id=ids.new_id(kind),
        workspace=workspace,
        kind=kind,
        status=status,
        request=request,
        metadata={"name": NAME, MARKUP: MARKUP},
        warnings=[{"code": "x", "message": MARKUP, "path": MARKUP}],
        queue="render",
        started_at=None if status in (Status.QUEUED, Status.INGESTING) else now,
        deadline=now + timedelta(hours=1),
        **more,
    )
    return job.id


def _asset(workspace: Workspace) -> str:
    asset = Asset.objects.create(
        workspace=workspace,
        key=f"{workspace.id}/uploads/clip.mp4",
        kind="video",
        status="ready",
        content_type="video/mp4",
        filename=f"{MARKUP}{LONG}"[:250] + ".mp4",
        size_bytes=1234,
        duration=12.5,
        width=1920,
        height=1080,
        source=URL,
        expires_at=clock.now() + timedelta(days=1),
    )
    Preview.objects.create(subject_id=asset.id, workspace=workspace, source_key=asset.key)
    return asset.id


def _attempt(workspace: Workspace, endpoint: Endpoint) -> Attempt:
    message = Message.objects.create(
        event_id=ids.new_id("evt"),
        workspace=workspace,
        type="render.completed",
        body='{"data": {"name": "</pre><script>alert(4)</script>"}}',
        happened_at=clock.now(),
    )
    return Attempt.objects.create(
        workspace=workspace,
        endpoint=endpoint,
        url=endpoint.url,
        message=message,
        max_attempts=3,
        status="dead",
        status_code=500,
        response_body=f"{MARKUP}</pre>{LONG}",
        error=MARKUP,
    )
