"""Writes to API keys."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.api_keys import keys
from apps.api_keys.models import ApiKey
from apps.mail.services import queue_mail
from apps.mail.texts import moment
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.lib import clock

USE_IS_NOTED_EVERY = timedelta(minutes=1)
MAX_KEYS = 100
"""Of one workspace, at the same time. Keys that were rotated and work on for a while do not count."""
MAX_LIFETIME = timedelta(days=5 * 365)


class KeyRefused(Exception):
    """The key cannot be made. The text says why."""


class TooManyKeys(KeyRefused):
    """The workspace has as many keys as it may have."""


class BadExpiry(KeyRefused):
    """The moment at which the key should expire has passed, or is too far away."""


class NotRotatable(KeyRefused):
    """The key works no more, or was rotated before."""


@transaction.atomic
def create_key(
    *, workspace: Workspace, name: str, scopes: list[str] | None = None, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which exists nowhere else."""
    secret = keys.generate()
    key = ApiKey(workspace=workspace, name=name, expires_at=expires_at)
    key.key_prefix, key.key_hash = keys.shown_prefix(secret), keys.digest(secret)
    if scopes is not None:
        key.scopes = scopes
    key.save(force_insert=True)
    return key, secret


@transaction.atomic
def issue_key(*, workspace: Workspace, name: str, scopes: list[str], expires_at: datetime | None) -> tuple[ApiKey, str]:
    """A new key as its owner ordered it, and its text. Raises BadExpiry, TooManyKeys."""
    _check_expiry(expires_at)
    # Two orders at the same instant must not both be the hundredth.
    lock_workspace(workspace_id=workspace.id)
    if _usable(workspace).count() >= MAX_KEYS:
        raise TooManyKeys(f"This workspace has {MAX_KEYS} keys; revoke one that is not needed any more.")
    ends_at = expires_at and expires_at.astimezone(UTC)
    made, secret = create_key(workspace=workspace, name=name, scopes=scopes, expires_at=ends_at)
    _tell(made)
    return made, secret


@transaction.atomic
def rotate_key(*, key: ApiKey, overlap: timedelta) -> tuple[ApiKey, str]:
    """A new key like this one, which works on for `overlap` and no longer. Raises NotRotatable.

    A key has one successor: whoever asks twice is told which, instead of getting one that nobody uses.
    """
    now = clock.now()
    # Nothing joined: PostgreSQL rereads the locked row after a wait, and what it is joined with from before.
    held = ApiKey.objects.select_for_update().get(id=key.id)
    if held.replaced_by_id is not None:
        raise NotRotatable(f"{held.id} was rotated before; its successor is {held.replaced_by_id}.")
    if not held.is_active(now):
        raise NotRotatable(f"{held.id} works no more; make a new key instead.")
    made, secret = create_key(workspace=held.workspace, name=held.name, scopes=held.scopes, expires_at=held.expires_at)
    ends_at = now + overlap
    held.expires_at = ends_at if held.expires_at is None else min(held.expires_at, ends_at)
    held.replaced_by = made
    held.save(update_fields=["expires_at", "replaced_by"])
    _tell(made)
    return made, secret


@transaction.atomic
def revoke_key(*, key: ApiKey) -> ApiKey:
    """The key stops working at once. Revoking it again changes nothing."""
    ApiKey.objects.filter(id=key.id, revoked_at=None).update(revoked_at=clock.now())
    key.refresh_from_db()
    return key


def note_use(*, key: ApiKey) -> None:
    """Remember that the key was used, at most once a minute: a write per request would serialise all of them."""
    now = clock.now()
    stale = now - USE_IS_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= stale:
        due = Q(last_used_at=None) | Q(last_used_at__lte=stale)
        ApiKey.objects.filter(due, id=key.id).update(last_used_at=now)


def _tell(key: ApiKey) -> None:
    """The owner learns of every key that somebody makes: it might not have been them."""
    context = {
        "workspace_name": key.workspace.name,
        "key_id": key.id,
        "key_name": key.name,
        "key_prefix": key.key_prefix,
        "created_at": moment(key.created_at),
    }
    queue_mail(to=key.workspace.email, template="api_key_created", context=context, workspace=key.workspace)


def _check_expiry(expires_at: datetime | None) -> None:
    now = clock.now()
    if expires_at is not None and not now < expires_at < now + MAX_LIFETIME:
        latest = (now + MAX_LIFETIME).isoformat(timespec="seconds")
        raise BadExpiry(f"the key would expire at {expires_at.isoformat()}; accepted is the time until {latest}")


def _usable(workspace: Workspace) -> QuerySet[ApiKey]:
    """Keys that work and were not replaced."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=clock.now())
    return ApiKey.objects.filter(unexpired, workspace=workspace, revoked_at=None, replaced_by=None)
