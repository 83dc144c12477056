"""A workspace that has been in use for long: what its pages have to cope with."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import connection

from apps.api_keys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.billing.models import UsageRecord
from apps.jobs.models import TERMINAL, Job, Kind, Status
from apps.previews.models import Preview
from apps.uploads.models import Asset, Import
from apps.uploads.models import Kind as AssetKind
from apps.webhooks.models import Attempt, Endpoint, Message
from apps.workspaces.members import add_member
from apps.workspaces.models import Plan, Workspace
from apps.workspaces.services import create_workspace
from framelane.lib import clock, ids

DAYS: Final = 90
BATCH: Final = 1000
SOURCE: Final = "https://cdn.example.org/talks/{}.mp4"
TASK_TYPES: Final = ("super_resolution", "gaze_redirect", "remove_background", "transcribe")
STATUSES: Final = (
    *(Status.COMPLETED,) * 16,
    *(Status.FAILED, Status.CANCELLED, Status.QUEUED, Status.PROCESSING),
)
"""One after the other, of jobs of both kinds alike."""
OUTCOMES: Final = ("succeeded", "succeeded", "failed", "dead", "pending")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How much of everything. The days of usage are those of the jobs, DAYS of them."""

    jobs: int = 10_000
    assets: int = 2_000
    keys: int = 50
    webhooks: int = 20
    deliveries: int = 5_000


@dataclass(frozen=True, slots=True)
class Filled:
    """The workspace, somebody who owns it, and ids of one of each kind."""

    workspace: Workspace
    owner: User
    completed: str
    failed: str
    processing: str
    task: str
    asset: str
    webhook: str
    delivery: str


def fill(amounts: Amounts, neighbours: int = 0) -> Filled:
    """Makes a workspace with so much in it, beside others with as much each.

    Tells PostgreSQL how much that is, as its own vacuum does later.
    """
    for number in range(neighbours):
        _fill(_new_workspace(f"neighbour-{number}"), amounts)
    filled = _fill(_new_workspace("busy"), amounts)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return filled


def _new_workspace(name: str) -> Workspace:
    return create_workspace(name=name, email=f"{name}@example.org", plan=Plan.PRO, verified=True)


def _fill(workspace: Workspace, amounts: Amounts) -> Filled:
    owner = User.objects.create(username=ids.new_id("user"), email=workspace.email)
    add_member(workspace=workspace, user=owner, role="owner")
    jobs = made(Job, (_job(workspace, number, amounts.jobs) for number in range(amounts.jobs)))
    assets = made(Asset, (_asset(workspace, number) for number in range(amounts.assets)))
    made(Preview, (_preview(workspace, asset.id, asset.key) for asset in assets))
    completed = [job for job in jobs if job.status == Status.COMPLETED]
    made(Preview, (_preview(workspace, job.id, job.output_key) for job in completed[: amounts.assets]))
    made(UsageRecord, (_usage(workspace, job) for job in completed))
    made(ApiKey, (_key(workspace, number) for number in range(amounts.keys)))
    made(Import, (_import(workspace, number) for number in range(100)))
    made(AuditEntry, (_entry(workspace, number) for number in range(1000)))
    endpoints = made(Endpoint, (_endpoint(workspace, number) for number in range(amounts.webhooks)))
    attempts = _deliveries(workspace, endpoints, jobs, amounts.deliveries)
    return Filled(
        workspace,
        owner,
        completed=_of(jobs, Kind.RENDER, Status.COMPLETED),
        failed=_of(jobs, Kind.RENDER, Status.FAILED),
        processing=_of(jobs, Kind.RENDER, Status.PROCESSING),
        task=_of(jobs, Kind.TASK, Status.COMPLETED),
        asset=assets[0].id,
        webhook=attempts[0].endpoint_id or "",
        delivery=attempts[0].id,
    )


def made(model: type[Any], rows: Iterable[Any]) -> list[Any]:
    """The rows, in the database."""
    stored: list[Any] = model.objects.bulk_create(rows, batch_size=BATCH)
    return stored


def _of(jobs: Iterable[Job], kind: Kind, status: Status) -> str:
    return next(job.id for job in jobs if job.kind == kind and job.status == status)


# --- Rows -------------------------------------------------------------------------------------------------------------


def scene(number: int) -> dict[str, Any]:
    """A request as customers send them: a title on each of five clips, and music."""
    clips: list[dict[str, Any]] = []
    for clip in range(5):
        clips.append(
            {"type": "video", "source_url": SOURCE.format(f"{number}-{clip}"), "time": 3 * clip, "duration": 3}
        )
        clips.append({"type": "text", "text": f"Part {clip + 1}", "time": 3 * clip, "duration": 2, "track": 2})
    music = {"type": "audio", "source_url": "https://cdn.example.org/music.mp3", "volume": 0.4}
    return {"duration": 15, "width": 1280, "height": 720, "elements": [*clips, music]}


def _job(workspace: Workspace, number: int, count: int) -> Job:
    """The newest first, evenly over the days; every third is a task."""
    kind = Kind.TASK if number % 3 == 0 else Kind.RENDER
    status, job_id = STATUSES[number % len(STATUSES)], ids.new_id(kind)
    task_type = TASK_TYPES[number // 3 % len(TASK_TYPES)] if kind == Kind.TASK else ""
    created_at = clock.now() - timedelta(days=DAYS) * number / count
    metadata = {"title": f"Film {number}", "order": f"{number * 7919 % 100_000}"}
    return Job(
        id=job_id,
        workspace=workspace,
        kind=kind,
        task_type=task_type,
        status=status,
        request={"source_url": SOURCE.format(number), "metadata": metadata} if task_type else scene(number),
        metadata=metadata,
        queue=kind,
        deadline=clock.now() + timedelta(hours=6),
        created_at=created_at,
        **_course(workspace, job_id, kind, status, created_at),
    )


def _course(workspace: Workspace, job_id: str, kind: Kind, status: Status, created_at: Any) -> dict[str, Any]:
    """What a job in this state has behind it."""
    course: dict[str, Any] = {}
    started_at = created_at + timedelta(seconds=4)
    if status != Status.QUEUED:
        steps = ("downloading", "compositing", "encoding", "uploading")
        course |= {"started_at": started_at, "attempt": 1}
        course["stages"] = [
            {"stage": step, "at": (started_at + timedelta(seconds=position)).isoformat()}
            for position, step in enumerate(steps)
        ]
    if status in TERMINAL:
        course["completed_at"] = started_at + timedelta(seconds=20)
    if status == Status.PROCESSING:
        course |= {"lease_until": clock.now() + timedelta(hours=1), "progress_percent": 42}
        course["progress_stage"] = "encoding"
    if status == Status.FAILED:
        course |= {"error_code": "source_not_found", "error_message": "The file does not exist."}
    if status == Status.COMPLETED:
        course |= {"output_width": 1280, "output_height": 720, "output_duration_s": 15.0, "output_bytes": 2_000_000}
        course["output_key"] = f"{workspace.id}/{kind}s/{job_id}/attempt-1/output.mp4"
        course["output_expires_at"] = clock.now() + timedelta(days=30)
    return course


def _asset(workspace: Workspace, number: int) -> Asset:
    kind = (AssetKind.VIDEO, AssetKind.VIDEO, AssetKind.AUDIO, AssetKind.IMAGE)[number % 4]
    name = {AssetKind.VIDEO: "mp4", AssetKind.AUDIO: "mp3", AssetKind.IMAGE: "png"}[kind]
    created_at = clock.now() - timedelta(minutes=number)
    return Asset(
        workspace=workspace,
        key=f"{workspace.id}/uploads/{number}.{name}",
        kind=kind,
        status="processing" if number % 97 == 5 else "ready",
        content_type={"mp4": "video/mp4", "mp3": "audio/mpeg", "png": "image/png"}[name],
        filename=f"take {number}.{name}",
        size_bytes=1_234_567,
        duration=None if kind == AssetKind.IMAGE else 12.5,
        width=None if kind == AssetKind.AUDIO else 1920,
        height=None if kind == AssetKind.AUDIO else 1080,
        created_at=created_at,
        received_at=created_at,
        expires_at=created_at + timedelta(hours=1),
    )


def _preview(workspace: Workspace, subject_id: str, source_key: str) -> Preview:
    folder = f"{workspace.id}/previews/{subject_id}"
    return Preview(
        subject_id=subject_id,
        workspace=workspace,
        source_key=source_key,
        status="made",
        poster_key=f"{folder}/poster.jpg",
        strip_key=f"{folder}/strip.jpg",
        strip_frames=8,
        waveform_key=f"{folder}/waveform.png",
        width=640,
        height=360,
        due_at=None,
    )


def _usage(workspace: Workspace, job: Job) -> UsageRecord:
    return UsageRecord(
        workspace=workspace,
        job_id=job.id,
        kind=job.task_type or "render",
        output_s=15,
        created_at=job.completed_at or job.created_at,
    )


def _key(workspace: Workspace, number: int) -> ApiKey:
    return ApiKey(
        workspace=workspace, name=f"key {number}", key_prefix="fl_live_AbCd", key_hash=f"{workspace.id}-{number}"
    )


def _import(workspace: Workspace, number: int) -> Import:
    return Import(
        workspace=workspace,
        url=SOURCE.format(number),
        url_digest=f"{number:064}",
        key=f"{workspace.id}/imported/{number}.mp4",
        status="failed",
        error={"code": "source_not_found", "message": "The file does not exist."},
        ended_at=clock.now(),
    )


def _entry(workspace: Workspace, number: int) -> AuditEntry:
    return AuditEntry(action="key.revoke", workspace_id=workspace.id, object_type="key", object_id=f"key_{number}")


def _endpoint(workspace: Workspace, number: int) -> Endpoint:
    return Endpoint(
        workspace=workspace, url=f"https://hooks.example.org/{number}", events=["render.*", "task.completed"]
    )


def _deliveries(workspace: Workspace, endpoints: list[Endpoint], jobs: list[Job], count: int) -> list[Attempt]:
    """Half of them to the first endpoint."""
    told = [jobs[number % len(jobs)] for number in range(count)]
    messages = made(Message, (_message(workspace, job) for job in told))
    receivers = [endpoints[0 if number % 2 == 0 else number % len(endpoints)] for number in range(count)]
    return made(
        Attempt,
        (
            _attempt(workspace, endpoint, message, number)
            for number, (endpoint, message) in enumerate(zip(receivers, messages, strict=True))
        ),
    )


def _message(workspace: Workspace, job: Job) -> Message:
    return Message(
        event_id=ids.new_id("evt"),
        workspace=workspace,
        type=f"{job.kind}.completed",
        job_id=job.id,
        body=json.dumps({"type": f"{job.kind}.completed", "data": {"id": job.id, "status": "completed"}}),
        happened_at=clock.now(),
    )


def _attempt(workspace: Workspace, endpoint: Endpoint, message: Message, number: int) -> Attempt:
    status = OUTCOMES[number % len(OUTCOMES)]
    return Attempt(
        workspace=workspace,
        endpoint=endpoint,
        url=endpoint.url,
        message=message,
        job_id=message.job_id,
        max_attempts=8,
        status=status,
        status_code=200 if status == "succeeded" else 500,
        response_body="ok",
        attempted_at=clock.now(),
        created_at=clock.now() - timedelta(minutes=number),
    )
