"""Reads of API keys."""

import secrets

from django.db.models import QuerySet

from apps.api_keys import keys
from apps.api_keys.models import ApiKey
from apps.workspaces.models import Workspace
from framelane.lib import ids


def find_by_secret(secret: str) -> ApiKey | None:
    """The key with this text, active or not, with its workspace. Malformed text never reaches the database."""
    if not keys.is_well_formed(secret):
        return None
    digest = keys.digest(secret)
    found = ApiKey.objects.select_related("workspace").filter(key_hash=digest).first()
    # The index compared the hashes already, byte by byte; this comparison is the one that grants access.
    return found if found is not None and secrets.compare_digest(found.key_hash, digest) else None


def keys_of(workspace: Workspace) -> QuerySet[ApiKey]:
    """The workspace's keys, those that work no more among them."""
    return ApiKey.objects.filter(workspace=workspace)


def find_key(workspace: Workspace, key_id: str) -> ApiKey | None:
    """The workspace's key with this id."""
    return keys_of(workspace).filter(id=key_id).first() if ids.is_id(key_id, "key") else None
