"""Jobs: renders and tasks. The row is the truth about a job; messages and workers only act on it."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from framelane.lib import clock, ids


class Kind(models.TextChoices):
    RENDER = "render"
    TASK = "task"


class Status(models.TextChoices):
    INGESTING = "ingesting"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stage(models.TextChoices):
    """In the order in which a job passes through them."""

    DOWNLOADING = "downloading"
    COMPOSITING = "compositing"
    ENCODING = "encoding"
    UPLOADING = "uploading"


MAX_URL_LENGTH = 2083

TERMINAL = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
WAITING = (Status.INGESTING, Status.QUEUED)
ACTIVE = (*WAITING, Status.PROCESSING)


class Job(models.Model):
    """A render or a task.

    `attempt` counts claims and fences them: only who holds the current one may write the outcome. `released` counts
    the claims that were given back unused, so `attempt - released` tries have been spent. `due_at` is when the sweeper
    sends the next hint for a queued job; `hints` is how many have been sent, which spaces them out. A queued job that
    is `held` is set aside until then. `exclusive` jobs of a workspace run one at a time. `awaited_asset` is the upload
    that a queued job was last seen waiting for. `deadline` covers waiting and running together. `copies` names, for
    each foreign source that was copied into the store, the id of the asset that it became. `stages` lists the stages
    that the current attempt has entered and when: [{"stage": ..., "at": ISO 8601}].
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    task_type = models.CharField(max_length=32, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    request = models.JSONField()
    metadata = models.JSONField(default=dict)
    webhook_url = models.CharField(max_length=MAX_URL_LENGTH, blank=True)
    copies = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)

    queue = models.CharField(max_length=32)
    priority = models.SmallIntegerField(default=0)
    exclusive = models.BooleanField(default=False)
    due_at = models.DateTimeField(null=True)
    hints = models.PositiveIntegerField(default=0)
    held = models.BooleanField(default=False)
    deadline = models.DateTimeField()
    awaited_asset = models.CharField(max_length=ids.MAX_LENGTH, blank=True)

    attempt = models.PositiveIntegerField(default=0)
    released = models.PositiveIntegerField(default=0)
    worker_deaths = models.PositiveIntegerField(default=0)
    worker = models.CharField(max_length=255, blank=True)
    lease_until = models.DateTimeField(null=True)
    cancel_requested = models.BooleanField(default=False)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    progress_stage = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    stages: models.JSONField[Any, Any] = models.JSONField(default=list)

    output_key = models.CharField(max_length=512, blank=True)
    output_width = models.PositiveIntegerField(null=True)
    output_height = models.PositiveIntegerField(null=True)
    output_duration_s = models.FloatField(null=True)
    output_bytes = models.BigIntegerField(null=True)
    output_expires_at = models.DateTimeField(null=True)
    output_gone_at = models.DateTimeField(null=True)
    error_code = models.CharField(max_length=32, blank=True)
    error_message = models.TextField(blank=True)

    created_at = models.DateTimeField(default=clock.now, editable=False)
    updated_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status__in=Status.values), name="job_status_is_known"),
            models.CheckConstraint(
                condition=Q(kind=Kind.RENDER, task_type="") | (Q(kind=Kind.TASK) & ~Q(task_type="")),
                name="job_task_type_is_of_tasks",
            ),
            models.CheckConstraint(condition=Q(progress_percent__lte=100), name="job_progress_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(status=Status.PROCESSING, lease_until__isnull=False)
                | (~Q(status=Status.PROCESSING) & Q(lease_until__isnull=True)),
                name="job_lease_is_of_processing",
            ),
            models.CheckConstraint(
                condition=Q(status__in=TERMINAL, completed_at__isnull=False)
                | (~Q(status__in=TERMINAL) & Q(completed_at__isnull=True)),
                name="job_end_is_of_terminal",
            ),
            models.CheckConstraint(
                condition=(Q(status=Status.FAILED) & ~Q(error_code="")) | (~Q(status=Status.FAILED) & Q(error_code="")),
                name="job_error_is_of_failed",
            ),
            models.CheckConstraint(condition=Q(attempt__gte=F("released")), name="job_releases_are_attempts"),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(status=Status.PROCESSING, exclusive=True),
                name="job_exclusive_runs_alone",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "kind", "-created_at", "-id"], name="job_list"),
            models.Index(fields=["workspace", "kind", "status", "-created_at", "-id"], name="job_list_by_status"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="job_list_of_both"),
            models.Index(
                fields=["workspace", "task_type", "-created_at", "-id"],
                condition=Q(kind=Kind.TASK),
                name="job_list_by_type",
            ),
            # The next job of each workspace in a queue, see apps.jobs.services.fairness.
            models.Index(
                fields=["queue", "workspace", "-priority", "created_at", "id"],
                condition=Q(status=Status.QUEUED, held=False),
                name="job_turn",
            ),
            models.Index(fields=["due_at"], condition=Q(status=Status.QUEUED), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(status=Status.PROCESSING), name="job_lease"),
            models.Index(fields=["due_at"], condition=Q(status=Status.INGESTING), name="job_ingesting"),
            # Not by a list of states: SQLite takes no index whose condition is a list for a query with placeholders.
            models.Index(fields=["deadline"], condition=Q(completed_at__isnull=True), name="job_open_deadline"),
            models.Index(
                fields=["output_expires_at"],
                condition=Q(output_gone_at__isnull=True, output_expires_at__isnull=False),
                name="job_retention",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"

    @property
    def is_terminal(self) -> bool:
        return self.status in TERMINAL

    @property
    def spent_attempts(self) -> int:
        return self.attempt - self.released


class FairQueue(models.Model):
    """A queue's virtual time: the start tag of the job that was started last. Its row is the lock of its turns."""

    name = models.CharField(primary_key=True, max_length=32)
    virtual_time = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} at {self.virtual_time}"


class FairShare(models.Model):
    """How far a workspace's use of a queue has come. Without a row it joins at the queue's virtual time."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="+")
    queue = models.CharField(max_length=32)
    finish_tag = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "queue"], name="fair_share_once")]

    def __str__(self) -> str:
        return f"{self.workspace_id} in {self.queue} until {self.finish_tag}"
