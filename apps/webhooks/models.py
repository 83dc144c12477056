"""Where events are sent, what is sent, and every try at sending it."""

from django.db import models
from django.db.models import Q

from apps.webhooks import sealing
from framelane.lib import clock, ids
from framelane.lib.net import shown

MAX_URL_LENGTH = 2083


def new_endpoint_id() -> str:
    return ids.new_id("wh")


def new_delivery_id() -> str:
    return ids.new_id("dlv")


class DisabledReason(models.TextChoices):
    """Why the platform itself has switched an endpoint off."""

    FAILING = "failing"
    GONE = "gone"


class Endpoint(models.Model):
    """A customer's address that receives events of the workspace.

    `events` are patterns (`apps.events.types`). `failing_since` and `failures` tell of the time since the last
    delivery that succeeded; both are empty while all is well.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_endpoint_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=MAX_URL_LENGTH)
    events = models.JSONField(default=list)
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=8, choices=DisabledReason.choices, blank=True)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    last_delivery_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = "webhook"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["workspace", "-created_at", "-id"], name="webhooks_newest_first")]
        constraints = [
            models.CheckConstraint(condition=Q(enabled=False) | Q(disabled_reason=""), name="webhook_reason_is_of_off")
        ]

    def __str__(self) -> str:
        return f"{shown(self.url)[:80]} ({self.id})"


class Secret(models.Model):
    """A signing secret of an endpoint, or without one the workspace's own, which signs calls to the URLs of jobs.

    It must be readable to sign, so it is sealed, not hashed. `valid_until` is null for the current one; former ones
    sign beside it until then.
    """

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="webhook_secrets")
    endpoint = models.ForeignKey(Endpoint, null=True, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.CharField(max_length=sealing.MAX_LENGTH)
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["valid_until"], name="webhook_secret_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(valid_until__isnull=True, endpoint__isnull=False),
                name="webhook_has_one_current_secret",
            ),
            models.UniqueConstraint(
                fields=["workspace"],
                condition=Q(valid_until__isnull=True, endpoint__isnull=True),
                name="webhook_workspace_has_one_current_secret",
            ),
        ]

    def __str__(self) -> str:
        return f"secret of {self.endpoint_id or self.workspace_id}"


class Message(models.Model):
    """An event as it is sent: the very bytes, the same for every receiver and every try.

    The number in `id` orders the events of a job. `percent` is the progress that a progress event tells of.
    """

    event_id = models.CharField(max_length=ids.MAX_LENGTH, unique=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="webhook_messages")
    type = models.CharField(max_length=64)
    job_id = models.CharField(max_length=ids.MAX_LENGTH, blank=True)
    percent = models.PositiveSmallIntegerField(null=True)
    body = models.TextField()
    happened_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["job_id", "-id"], condition=Q(percent__isnull=False), name="webhook_progress_of_job"),
            models.Index(fields=["created_at"], name="webhook_message_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.event_id})"


class Status(models.TextChoices):
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DEAD = "dead"


class Attempt(models.Model):
    """One try at a delivery, from the moment it is planned. Tries at the same delivery share `delivery_id`.

    `endpoint` is null for what goes to the `url` of a job. A pending attempt may be claimed from `due_at` on; while
    `lease_until` lies ahead somebody is sending it. `claims` counts that and fences: only the holder of the last
    claim writes the outcome. `by_hand` marks tests and redeliveries, which wait for nothing and are sent to disabled
    endpoints too. After `max_attempts` the delivery is dead.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_delivery_id, editable=False)
    delivery_id = models.CharField(max_length=ids.MAX_LENGTH, default=new_delivery_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="webhook_attempts")
    endpoint = models.ForeignKey(Endpoint, null=True, on_delete=models.CASCADE, related_name="attempts")
    url = models.CharField(max_length=MAX_URL_LENGTH, blank=True)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    job_id = models.CharField(max_length=ids.MAX_LENGTH, blank=True)
    by_hand = models.BooleanField(default=False)
    number = models.PositiveSmallIntegerField(default=1)
    max_attempts = models.PositiveSmallIntegerField()

    status = models.CharField(max_length=9, choices=Status.choices, default=Status.PENDING)
    due_at = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True)
    claims = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True)
    next_retry_at = models.DateTimeField(null=True)
    status_code = models.PositiveSmallIntegerField(null=True)
    response_body = models.TextField(null=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery_id", "number"], name="webhook_attempt_once"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="webhook_attempt_status_is_known"),
            models.CheckConstraint(
                condition=Q(status=Status.PENDING) | Q(lease_until__isnull=True), name="webhook_lease_is_of_pending"
            ),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_log"),
            models.Index(fields=["endpoint", "status", "-created_at", "-id"], name="webhook_log_by_status"),
            models.Index(
                fields=["workspace", "endpoint", "due_at"], condition=Q(status=Status.PENDING), name="webhook_due"
            ),
            models.Index(
                fields=["job_id", "message"], condition=Q(status=Status.PENDING), name="webhook_pending_of_job"
            ),
            models.Index(fields=["job_id", "-created_at", "-id"], name="webhook_attempts_of_job"),
            models.Index(fields=["created_at"], name="webhook_attempt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}, attempt {self.number} ({self.status})"
