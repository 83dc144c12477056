"""Writes to previews, but for those of the workers that make them (see `claims`)."""

from django.db import transaction

from apps.events.hints import hint
from apps.previews.models import Preview, Status
from apps.previews.subjects import Subject
from framelane.lib import clock
from framelane.lib.storage import get_store

MAKE_PREVIEW = "gpu_tasks.preview_worker.make_preview"
QUEUE = "preview"
HINTED_AT_ONCE = 20
"""How many previews a round of the sweep hints at: while the workers are at long jobs, hints only pile up."""


@transaction.atomic
def plan(*, subject: Subject) -> None:
    """Have the preview of a subject made. Does nothing when that was planned before."""
    row = Preview(subject_id=subject.id, workspace_id=subject.workspace_id, source_key=subject.source_key)
    Preview.objects.bulk_create([row], ignore_conflicts=True)
    hint(MAKE_PREVIEW, subject.id, queue=QUEUE)


@transaction.atomic
def plan_again(*, subject: Subject, also_made: bool) -> bool:
    """Have a preview made that is missing or failed, and with `also_made` every other; whether that was needed.

    What there is stays visible until then.
    """
    known = Preview.objects.select_for_update().filter(subject_id=subject.id).first()
    if known is not None and (known.due_at is not None or (known.status == Status.MADE and not also_made)):
        return False
    again = Preview.objects.filter(subject_id=subject.id)
    again.update(due_at=clock.now(), created_at=clock.now(), attempts=0)
    again.filter(status=Status.FAILED).update(status=Status.PENDING)
    plan(subject=subject)
    return True


def hint_due() -> int:
    """Hint at previews that are due, because their message or their worker was lost; how many that were."""
    due = Preview.objects.filter(due_at__lte=clock.now()).order_by("due_at")
    subject_ids = list(due.values_list("subject_id", flat=True)[:HINTED_AT_ONCE])
    for subject_id in subject_ids:
        hint(MAKE_PREVIEW, subject_id, queue=QUEUE)
    return len(subject_ids)


def forget(workspace_id: str, subject_id: str) -> None:
    """Delete the preview of a subject with its pictures. Raises StorageError; then the row is still there."""
    previews = Preview.objects.filter(workspace_id=workspace_id, subject_id=subject_id)
    if previews.exists():
        get_store().delete_prefix(folder_of(workspace_id, subject_id))
        previews.delete()


def folder_of(workspace_id: str, subject_id: str) -> str:
    """Where the pictures of a subject lie in the store."""
    return f"{workspace_id}/previews/{subject_id}/"
