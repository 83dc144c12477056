"""The usage ledger: what a workspace has been given. Rows are added and never changed."""

from typing import Any

from django.conf import settings
from django.db import models

from framelane.lib import clock, ids


class UsageRecord(models.Model):
    """One completed job. `output_s` is the length of what it made, in seconds; 0 for what has no length."""

    job_id = models.CharField(max_length=ids.MAX_LENGTH, unique=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="usage_records")
    kind = models.CharField(max_length=32)
    output_s = models.DecimalField(max_digits=12, decimal_places=3)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(output_s__gte=0), name="usage_output_s_is_not_negative")
        ]
        indexes = [models.Index(fields=["workspace", "created_at"], name="usage_of_workspace")]

    def __str__(self) -> str:
        return f"{self.output_s} s of {self.kind} ({self.job_id})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises TypeError for a row that is in the ledger already."""
        if not self._state.adding:
            raise TypeError("the usage ledger is append-only: record a correction instead of changing a row")
        super().save(*args, **kwargs)


class Reservation(models.Model):
    """What a job that has not ended may come to use, in seconds of output. It is deleted when the job ends."""

    job_id = models.CharField(max_length=ids.MAX_LENGTH, unique=True)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="reservations")
    output_s = models.DecimalField(max_digits=12, decimal_places=3)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(output_s__gte=0), name="reservation_output_s_is_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.output_s} s for {self.job_id}"


class Grant(models.Model):
    """Minutes that the staff has given a workspace for one calendar month, on top of its plan. Rows are only added.

    `month` is the first day of it (UTC). Negative minutes take back what an earlier row gave.
    """

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="grants")
    month = models.DateField()
    minutes = models.DecimalField(max_digits=9, decimal_places=2)
    reason = models.CharField(max_length=500)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(minutes=0), name="grant_gives_something")]
        indexes = [models.Index(fields=["workspace", "month"], name="grant_of_workspace")]

    def __str__(self) -> str:
        return f"{self.minutes} min for {self.workspace_id} in {self.month:%Y-%m}"


# Django looks for models here.
from apps.billing.stripe.models import BillingAccount, OverageReport, StripeEvent, Subscription  # noqa: E402, F401
