"""One worker's attempt at a preview. Everything is conditional on its number: a late worker changes nothing."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet

from apps.jobs.selectors import has_startable
from apps.previews import services
from apps.previews.models import Preview, Status
from apps.previews.subjects import find_subject
from framelane.lib import clock
from framelane.lib.pauses import growing_pause_s
from framelane.lib.storage import get_store

MAX_ATTEMPTS = 3
LEASE_S = 300
"""Longer than fetching the source and making the pictures take together."""
GIVE_WAY_S = 15
PATIENCE_S = 600
"""How long a preview lets jobs go first: while these never end, its turn must come some day."""
FIRST_RETRY_S = 30
LONGEST_RETRY_S = 300


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make a preview of the object `source_key`, until the lease ends."""

    subject_id: str
    workspace_id: str
    source_key: str
    attempt: int
    is_patient: bool
    token: str

    @property
    def folder(self) -> str:
        """The folder of the store that this attempt writes to: its addresses are its own, so browsers may keep them."""
        return f"{services.folder_of(self.workspace_id, self.subject_id)}{self.token}/"

    def row(self) -> QuerySet[Preview]:
        """The preview, as long as nobody else has claimed it since."""
        return Preview.objects.filter(subject_id=self.subject_id, attempts=self.attempt, due_at__isnull=False)

    def should_give_way(self) -> bool:
        """Whether a job waits that this preview may be keeping from its worker."""
        return self.is_patient and has_startable()


def claim(subject_id: str) -> Claim | None:
    """The right to make a preview; None when it is not due, was tried too often, gives way, or has no subject."""
    preview = Preview.objects.select_related("workspace").filter(subject_id=subject_id, due_at__lte=clock.now()).first()
    if preview is None:
        return None
    due = Preview.objects.filter(subject_id=subject_id, attempts=preview.attempts, due_at=preview.due_at)
    if _is_patient(preview) and has_startable():
        due.update(due_at=clock.now() + timedelta(seconds=GIVE_WAY_S))
        return None
    if preview.attempts >= MAX_ATTEMPTS:
        _give_up(due)
        return None
    return _take(preview, due)


def _take(preview: Preview, due: QuerySet[Preview]) -> Claim | None:
    lease_end = clock.now() + timedelta(seconds=LEASE_S)
    if not due.update(due_at=lease_end, attempts=F("attempts") + 1):
        return None
    subject = find_subject(preview.workspace, preview.subject_id)
    if subject is None:
        services.forget(preview.workspace_id, preview.subject_id)
        return None
    return Claim(
        subject.id,
        subject.workspace_id,
        subject.source_key,
        preview.attempts + 1,
        _is_patient(preview),
        secrets.token_hex(4),
    )


def _is_patient(preview: Preview) -> bool:
    return preview.created_at > clock.now() - timedelta(seconds=PATIENCE_S)


@transaction.atomic
def complete(held: Claim, *, facts: Mapping[str, Any]) -> bool:
    """Show what was made; `facts` are fields of the preview. False when the claim is lost."""
    shown = {"poster_key": "", "strip_key": "", "strip_frames": 0, "waveform_key": "", "width": None, "height": None}
    return bool(held.row().update(status=Status.MADE, due_at=None, **{**shown, **facts}))


def fail(held: Claim, *, is_final: bool) -> None:
    """Try again later, unless the fault is the file's own or no attempt is left."""
    if is_final or held.attempt >= MAX_ATTEMPTS:
        _give_up(held.row())
        return
    pause_s = growing_pause_s(held.attempt - 1, first_s=FIRST_RETRY_S, longest_s=LONGEST_RETRY_S)
    held.row().update(due_at=clock.now() + timedelta(seconds=pause_s))


def give_back(held: Claim) -> None:
    """The work was stopped for somebody else's sake: it costs the preview no attempt."""
    held.row().update(attempts=F("attempts") - 1, due_at=clock.now() + timedelta(seconds=GIVE_WAY_S))


def discard_others(held: Claim) -> None:
    """Delete the pictures of earlier attempts: those that this one replaces, and those of workers that were killed."""
    store = get_store()
    for key in store.list(services.folder_of(held.workspace_id, held.subject_id)):
        if not key.startswith(held.folder):
            store.delete(key)


def is_current(subject_id: str, attempt: int) -> bool:
    """Whether a worker may be at this attempt."""
    leased = Preview.objects.filter(subject_id=subject_id, attempts=attempt, due_at__gt=clock.now())
    return leased.exists()


def _give_up(previews: QuerySet[Preview]) -> None:
    """A preview that was made before stays as it was."""
    nothing = Q(poster_key="", waveform_key="")
    if not previews.filter(nothing).update(status=Status.FAILED, due_at=None):
        previews.update(due_at=None)
