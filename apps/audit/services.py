"""Writes to the audit log: who of the staff did what, to what, when, from where, and why."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Model
from django.http import HttpRequest

from apps.audit.changes import bounded, line
from apps.audit.models import AuditEntry
from apps.workspaces.models import Workspace
from framelane.api.client_address import client_address
from framelane.api.request_ids import current_request_id

MAX_ACTION = 64
MAX_NAME = 254
MAX_REASON = 500
MAX_OBJECT_ID = 128


def record(
    *,
    request: HttpRequest,
    action: str,
    obj: Model | None = None,
    workspace_id: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add what the person of `request` has just done: call it in the transaction of the act itself.

    `action` is dotted (`workspace.verify`, at most 64 characters), `changes` says what became of what, by ids and
    values: text in it is cut, what is called like a secret is left out. The workspace is that of `obj` unless named.
    """
    return add(
        request=request,
        actor=_person(request),
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        workspace_id=workspace_id or workspace_of(obj),
        changes=changes,
        reason=reason,
    )


def record_attempt(
    *, request: HttpRequest, action: str, name: str, changes: dict[str, Any] | None = None
) -> AuditEntry:
    """Add what somebody tried who is nobody yet, called by the name that they gave: a sign-in that failed."""
    return add(request=request, actor=None, action=action, name=name, changes=changes)


def add(
    *,
    request: HttpRequest,
    actor: AbstractBaseUser | None,
    action: str,
    name: str = "",
    object_type: str = "",
    object_id: str = "",
    workspace_id: str = "",
    changes: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Add an act of somebody who need not be the person of the request: who signs out is no longer there afterwards.

    Raises ValueError for an action without a name or with too long a one.
    """
    if not 0 < len(action) <= MAX_ACTION:
        raise ValueError(f"an action has 1 to {MAX_ACTION} characters, not {action!r}")
    return AuditEntry.objects.create(
        actor=actor,  # type: ignore[misc]  # Every user of ours is Django's own.
        actor_name=line(name if actor is None else actor.get_username(), MAX_NAME),
        action=action,
        object_type=object_type[:MAX_ACTION],
        object_id=line(object_id, MAX_OBJECT_ID),
        workspace_id=workspace_id,
        changes=bounded(changes or {}),
        reason=line(reason, MAX_REASON),
        request_id=current_request_id(),
        client_address=str(client_address(request) or ""),
    )


def workspace_of(obj: Model | None) -> str:
    """The id of the workspace that an object is or belongs to, "" for others."""
    if isinstance(obj, Workspace):
        return obj.id
    return str(getattr(obj, "workspace_id", None) or "")


def _person(request: HttpRequest) -> AbstractBaseUser | None:
    user = getattr(request, "user", None)
    return user if isinstance(user, AbstractBaseUser) else None
