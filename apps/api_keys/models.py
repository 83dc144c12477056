"""API keys. Only a hash is kept: a key can be recognised, never shown again."""

from datetime import datetime

from django.db import models

from apps.api_keys import keys, scopes
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids


def new_key_id() -> str:
    return ids.new_id("key")


class ApiKey(models.Model):
    """A key of a workspace. It works until it expires or is revoked. `replaced_by` is what it was rotated to."""

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_key_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=255)
    key_prefix = models.CharField(max_length=keys.SHOWN_LENGTH, editable=False)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=scopes.all_scopes, validators=[scopes.validate])
    created_at = models.DateTimeField(default=clock.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.OneToOneField(
        "self", null=True, editable=False, on_delete=models.SET_NULL, related_name="replaces"
    )

    class Meta:
        verbose_name = "API key"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="api_keys_newest_first")]

    def __str__(self) -> str:
        return f"{self.key_prefix}… {self.name}"

    def is_active(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)
