"""`Idempotency-Key`: a request that is sent twice makes one object."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import IntegrityError, transaction
from rest_framework.request import Request

from framelane.api.errors import conflict, unavailable, validation_error
from framelane.api.models import IdempotencyRecord
from framelane.lib import clock
from gpu_tasks.timeline.problems import Problem

T = TypeVar("T")
HEADER = "Idempotency-Key"
MAX_KEY_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Scope:
    """One use of a key."""

    workspace_id: str
    method: str
    path: str
    key: str
    fingerprint: str

    def where(self) -> dict[str, str]:
        return {"workspace_id": self.workspace_id, "method": self.method, "path": self.path, "key": self.key}


class _Taken(Exception):
    """Another request holds the key."""


def idempotent(
    request: Request,
    workspace_id: str,
    create: Callable[[], T],
    load: Callable[[str], T],
    id_of: Callable[[T], str] = lambda made: made.id,  # type: ignore[attr-defined]
) -> tuple[T, bool]:
    """Run `create` once per key, in a transaction; returns the object and whether it is a replay.

    The key is the request's header; without one `create` always runs. `load` finds the original by its id.
    What `create` raises passes through and leaves the key free. Raises ApiError 409 when the key came with another
    body, 422 for a key that is empty or longer than 255 characters.
    """
    key = request.headers.get(HEADER)
    if key is None:
        with transaction.atomic():
            return create(), False
    _check(key)
    scope = Scope(workspace_id, request.method or "", request.path, key, fingerprint(request.data))
    return once(scope, create, load, id_of)


def once(
    scope: Scope,
    create: Callable[[], T],
    load: Callable[[str], T],
    id_of: Callable[[T], str] = lambda made: made.id,  # type: ignore[attr-defined]
) -> tuple[T, bool]:
    """Run `create` once for this use of a key, see `idempotent`, which takes the key from a request of the API."""
    # A record can vanish between losing the race and reading it (it expired, or its request failed): then it is
    # our turn.
    for _ in range(3):
        if (record := _find(scope)) is not None:
            return load(_replayable(record, scope)), True
        try:
            return _create_once(scope, create, id_of), False
        except _Taken:
            continue
    raise unavailable("Another request with this Idempotency-Key is in progress. Try again in a few seconds.")


def _check(key: str) -> None:
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not key.isprintable():
        message = f"{HEADER} has {len(key)} characters; send 1 to {MAX_KEY_LENGTH} printable ones"
        raise validation_error([Problem("", "idempotency_key", message)])


def fingerprint(payload: Any) -> str:
    """SHA-256 of the body, the same for any order of fields and any white space."""
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _find(scope: Scope) -> IdempotencyRecord | None:
    return IdempotencyRecord.objects.filter(**scope.where(), created_at__gt=_oldest()).first()


def _replayable(record: IdempotencyRecord, scope: Scope) -> str:
    if record.fingerprint != scope.fingerprint:
        message = f"The {HEADER} {scope.key!r} was used with another body in the last 24 hours."
        raise conflict(message, "idempotency_conflict")
    return record.object_id


@transaction.atomic
def _create_once(scope: Scope, create: Callable[[], T], id_of: Callable[[T], str]) -> T:
    IdempotencyRecord.objects.filter(**scope.where(), created_at__lte=_oldest()).delete()
    record = IdempotencyRecord(**scope.where(), fingerprint=scope.fingerprint, created_at=clock.now())
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError:
        raise _Taken from None
    made = create()
    record.object_id = id_of(made)
    record.save(update_fields=["object_id"])
    return made


def purge_expired() -> int:
    """Forget keys older than their window; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lte=_oldest()).delete()[0]


def _oldest() -> Any:
    return clock.now() - timedelta(seconds=settings.FRAMELANE_IDEMPOTENCY_WINDOW_S)
