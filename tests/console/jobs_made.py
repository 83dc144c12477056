"""Jobs in every state, as pages see them."""

from datetime import timedelta
from typing import Any

from apps.jobs.models import ACTIVE, TERMINAL, Job, Status
from framelane.lib import clock, ids
from tests.people import Person

SCENE: dict[str, Any] = {
    "duration": 2,
    "elements": [{"type": "text", "text": "Hello", "duration": 2, "font_size": 90}],
    "metadata": {"title": "Greeting"},
}
SOURCE = "https://cdn.example.org/talk.mp4"
HOSTILE = ('"><script>alert(1)</script>', "{{7*7}}", "</textarea></pre>", "\u202egnp.exe", "w" * 255, "👩‍👩‍👧 ünïcode")
TASK_TYPES = ("super_resolution", "gaze_redirect", "remove_background", "transcribe")


def a_job(person: Person, status: str = "completed", *, task_type: str = "", **fields: Any) -> Job:
    """A job of ten minutes ago: a render of SCENE, or a task."""
    kind = "task" if task_type else "render"
    created_at = clock.now() - timedelta(minutes=10)
    job: dict[str, Any] = {
        "id": ids.new_id(kind),
        "kind": kind,
        "task_type": task_type,
        "status": status,
        "request": {"source_url": SOURCE} if task_type else SCENE,
        "metadata": {} if task_type else SCENE["metadata"],
        "queue": kind,
        "deadline": clock.now() + timedelta(hours=1),
        "created_at": created_at,
        **_of(status, created_at + timedelta(seconds=4)),
    }
    if status == Status.COMPLETED:
        extension = {"transcribe": "json", "": "mp4"}.get(task_type, "mp4")
        job["output_key"] = f"{person.workspace.id}/{kind}s/{job['id']}/attempt-1/output.{extension}"
    return Job.objects.create(workspace=person.workspace, **{**job, **fields})


def _of(status: str, started_at: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if status in TERMINAL:
        fields["completed_at"] = started_at + timedelta(seconds=20)
    if status not in (Status.QUEUED, Status.INGESTING, Status.CANCELLED):
        entered = started_at + timedelta(seconds=1)
        fields |= {"started_at": started_at, "attempt": 1}
        fields["stages"] = [{"stage": "compositing", "at": entered.isoformat()}]
    if status == Status.PROCESSING:
        fields |= {"lease_until": clock.now() + timedelta(hours=1), "progress_percent": 42}
        fields["progress_stage"] = "compositing"
    if status == Status.FAILED:
        fields |= {"error_code": "decode_failed", "error_message": "The file is damaged."}
    if status == Status.COMPLETED:
        fields |= {"output_width": 1280, "output_height": 720, "output_duration_s": 10.0, "output_bytes": 2_000_000}
        fields["output_expires_at"] = clock.now() + timedelta(days=30)
    return fields


def many_jobs(person: Person, count: int) -> None:
    """Completed renders, failed ones and tasks that are at work, a minute apart."""
    now = clock.now()
    Job.objects.bulk_create(
        [
            Job(
                id=ids.new_id("render"),
                workspace=person.workspace,
                kind="render",
                status="completed" if number % 7 else "queued",
                request=SCENE,
                metadata={"title": f"Film {number}"},
                queue="render",
                deadline=now,
                created_at=now - timedelta(minutes=number),
                started_at=now - timedelta(minutes=number),
                completed_at=now - timedelta(minutes=number, seconds=-20) if number % 7 else None,
                output_duration_s=10.0,
            )
            for number in range(count)
        ],
        batch_size=2000,
    )


ALL_STATUSES = (*ACTIVE, *TERMINAL)
