"""What is sent: the body of an event, frozen into bytes when the first receiver is found for it."""

import json
from datetime import datetime
from typing import Any

from apps.events.models import Event
from apps.events.types import is_progress
from apps.jobs import downloads
from apps.jobs.models import Job
from apps.webhooks.models import Message
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids

TEST_TYPE = "webhook.test"


def message_of(event: Event, job: Job | None) -> Message:
    """The message of an event, new. `job` is the one that the event tells of."""
    data = event.data if job is None else {**event.data, "job": _with_addresses(event.data["job"], job)}
    return Message.objects.create(
        event_id=event.id,
        workspace_id=event.workspace_id,
        type=event.type,
        job_id=job_id_of(event),
        percent=event.data["job"]["progress_percent"] if is_progress(event.type) else None,
        body=_body(event.id, event.type, event.created_at, event.workspace_id, data),
        happened_at=event.created_at,
    )


def job_id_of(event: Event) -> str:
    """The id of the job that the event tells of; empty for other events."""
    job_id: str = event.data.get("job", {}).get("id", "")
    return job_id


def test_message(workspace: Workspace, event_type: str) -> Message:
    """A message about a thing that does not exist, as events of that type look; its `metadata` says that it is a test.

    Its data are those of a completed render for the type `webhook.test`.
    """
    now, event_id = clock.now(), ids.new_id("evt")
    data = _sample(workspace, event_type, now)
    return Message.objects.create(
        event_id=event_id,
        workspace=workspace,
        type=event_type,
        body=_body(event_id, event_type, now, workspace.id, data),
        happened_at=now,
    )


def _body(event_id: str, event_type: str, at: datetime, workspace_id: str, data: dict[str, Any]) -> str:
    body = {
        "id": event_id,
        "type": event_type,
        "created_at": _iso(at),
        "workspace_id": workspace_id,
        "data": data,
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def _with_addresses(snapshot: dict[str, Any], job: Job) -> dict[str, Any]:
    """The job as it was, with signed addresses of its output, which work as long as those of any answer."""
    if snapshot["output"] is None:
        return snapshot
    subtitles = downloads.subtitles(job)
    addresses = {"url": downloads.output_url(job), "subtitles": subtitles.model_dump() if subtitles else None}
    return {**snapshot, "output": {**snapshot["output"], **addresses}}


def _sample(workspace: Workspace, event_type: str, now: datetime) -> dict[str, Any]:
    kind, _, moment = event_type.partition(".")
    if kind == "asset":
        return {"asset": _sample_asset(moment, now)}
    if event_type == TEST_TYPE:
        kind, moment = "render", "completed"
    return {"job": _sample_job(workspace, kind, moment, now)}


def _sample_job(workspace: Workspace, kind: str, moment: str, now: datetime) -> dict[str, Any]:
    is_done, has_ended = moment == "completed", moment in ("completed", "failed", "cancelled")
    output = {"url": None, "width": 1280, "height": 720, "duration": 2.0, "size_bytes": 100_000, "subtitles": None}
    return {
        "id": ids.new_id(kind),
        "kind": kind,
        "task_type": "super_resolution" if kind == "task" else None,
        "workspace_id": workspace.id,
        "status": "processing" if moment == "progress" else moment,
        "progress_percent": {"completed": 100, "progress": 50}.get(moment, 0),
        "progress_stage": {"completed": "uploading", "progress": "compositing"}.get(moment),
        "output": output if is_done else None,
        "error": {"code": "internal", "message": "This is a test."} if moment == "failed" else None,
        "warnings": [],
        "metadata": {"test": "true"},
        "created_at": _iso(now),
        "updated_at": _iso(now),
        "completed_at": _iso(now) if has_ended else None,
    }


def _sample_asset(moment: str, now: datetime) -> dict[str, Any]:
    is_ready = moment == "ready"
    return {
        "id": ids.new_id("asset"),
        "source_url": "https://example.com/test.png",
        "kind": "image",
        "status": moment,
        "content_type": "image/png",
        "filename": "test.png",
        "size_bytes": 100_000,
        "duration": None,
        "width": 1280 if is_ready else None,
        "height": 720 if is_ready else None,
        "error": None if is_ready else {"code": "invalid_source", "message": "This is a test."},
        "created_at": _iso(now),
    }
