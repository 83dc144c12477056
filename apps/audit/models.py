"""The audit log: everything that the staff of an installation has done. Rows are added and never changed."""

from typing import Any

from django.conf import settings
from django.db import models

from framelane.lib import clock, ids


class AuditEntry(models.Model):
    """One act of one person. `action` is dotted (`workspace.verify`), `changes` what it changed, by ids and values.

    There are no foreign keys but to the actor, and their name is kept: an entry outlives what it tells of.
    `workspace_id` is "" for what concerns no workspace.
    """

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=254)
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64, blank=True)
    object_id = models.CharField(max_length=128, blank=True)
    workspace_id = models.CharField(max_length=ids.MAX_LENGTH, blank=True)
    changes = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)
    request_id = models.CharField(max_length=128, blank=True)
    client_address = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="audit_newest_first"),
            models.Index(fields=["workspace_id", "-created_at"], name="audit_of_workspace"),
            models.Index(fields=["object_id", "-created_at"], name="audit_of_object"),
            models.Index(fields=["action", "-created_at"], name="audit_by_action"),
            models.Index(fields=["request_id"], name="audit_of_request"),
        ]

    def __str__(self) -> str:
        return f"{self.action} by {self.actor_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for an entry that is in the log already."""
        if not self._state.adding:
            raise TypeError("the audit log is append-only")
        super().save(*args, **kwargs)
