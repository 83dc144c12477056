"""The outbox: what happened, written in the transaction in which it happened."""

from django.db import models

from framelane.lib import clock, ids


def new_event_id() -> str:
    return ids.new_id("evt")


class Event(models.Model):
    """Something that happened in a workspace. It is relayed once `relayed_at` is set; until then `due_at` says when."""

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_event_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="events")
    type = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(default=clock.now, editable=False)
    relayed_at = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(relayed_at__isnull=True), name="event_due"),
            models.Index(fields=["workspace", "-created_at"], name="event_of_workspace"),
            models.Index(fields=["relayed_at"], condition=models.Q(relayed_at__isnull=False), name="event_relayed"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.id})"
