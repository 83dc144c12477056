"""Reads of API keys."""

import secrets

from apps.api_keys import keys
from apps.api_keys.models import ApiKey


def find_by_secret(secret: str) -> ApiKey | None:
    """The key with this text, active or not, with its workspace. Malformed text never reaches the database."""
    if not keys.is_well_formed(secret):
        return None
    digest = keys.digest(secret)
    found = ApiKey.objects.select_related("workspace").filter(key_hash=digest).first()
    # The index compared the hashes already, byte by byte; this comparison is the one that grants access.
    return found if found is not None and secrets.compare_digest(found.key_hash, digest) else None
