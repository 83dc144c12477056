"""Previews: small pictures of what a job has made or a customer has brought in. They can always be made again."""

from django.db import models
from django.db.models import Q

from framelane.lib import clock, ids
from framelane.lib.storage.keys import MAX_LENGTH as MAX_KEY_LENGTH


class Status(models.TextChoices):
    PENDING = "pending"
    MADE = "made"
    FAILED = "failed"


class Preview(models.Model):
    """The pictures of one subject: a completed job or a ready asset, by its id.

    `source_key` is the object that they are made of. The poster is one frame; the strip is a row of `strip_frames`
    frames of equal size, evenly spread over the film; the waveform shows its sound. A key is "" for what the source
    does not have: a song has no poster. While `due_at` is set the preview is still to be made, not before that time.
    """

    subject_id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="previews")
    source_key = models.CharField(max_length=MAX_KEY_LENGTH)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    poster_key = models.CharField(max_length=MAX_KEY_LENGTH, blank=True)
    strip_key = models.CharField(max_length=MAX_KEY_LENGTH, blank=True)
    strip_frames = models.PositiveSmallIntegerField(default=0)
    waveform_key = models.CharField(max_length=MAX_KEY_LENGTH, blank=True)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, default=clock.now)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(status__in=Status.values), name="preview_status_is_known")]
        indexes = [models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="preview_due")]

    def __str__(self) -> str:
        return f"preview of {self.subject_id} ({self.status})"
