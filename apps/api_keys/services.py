"""Writes to API keys."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from apps.api_keys import keys
from apps.api_keys.models import ApiKey
from apps.workspaces.models import Workspace
from framelane.lib import clock

USE_IS_NOTED_EVERY = timedelta(minutes=1)


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
