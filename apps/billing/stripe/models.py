"""What is known here of a workspace's payments. Stripe owns the truth; these rows are what was last read from it."""

from django.db import models

from apps.billing.stripe.states import LIVE
from framelane.lib import clock, ids


def new_report_id() -> str:
    return ids.new_id("ovr")


class BillingAccount(models.Model):
    """A workspace as a customer of Stripe's.

    `version` counts what was written from Stripe: a writer whose reading began before somebody else's writing loses.
    The two counters name our requests to Stripe, so that one that is repeated makes nothing twice.
    """

    workspace = models.OneToOneField(
        "workspaces.Workspace", on_delete=models.CASCADE, primary_key=True, related_name="billing_account"
    )
    customer_id = models.CharField(max_length=255, unique=True, null=True, blank=True)
    customers_made = models.PositiveIntegerField(default=0)
    checkout_session_id = models.CharField(max_length=255, blank=True)
    checkouts_made = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    synced_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.customer_id or 'no customer'} ({self.workspace_id})"


class Subscription(models.Model):
    """A subscription to the pro plan, as Stripe showed it last. `status` is Stripe's word."""

    id = models.CharField(primary_key=True, max_length=255)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="subscriptions")
    customer_id = models.CharField(max_length=255)
    status = models.CharField(max_length=32)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    current_period_start = models.DateTimeField()
    current_period_end = models.DateTimeField()
    cancel_at_period_end = models.BooleanField(default=False)

    class Meta:
        ordering = ["started_at", "id"]
        indexes = [models.Index(fields=["ended_at"], name="subscription_ended")]

    def __str__(self) -> str:
        return f"{self.id} ({self.status})"

    @property
    def is_live(self) -> bool:
        """Whether it gives its workspace the plan, be it paid or past due."""
        return self.status in LIVE


class StripeEvent(models.Model):
    """The inbox: an event that Stripe has told us of, which is looked into once `due_at` has come.

    Only what tells where to look is kept: the state itself is read from Stripe when the event is processed.
    """

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=64)
    customer_id = models.CharField(max_length=255, blank=True)
    object_id = models.CharField(max_length=255, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(default=clock.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(processed_at__isnull=True), name="stripe_event_due")
        ]

    def __str__(self) -> str:
        return f"{self.type} ({self.id})"


class ReportStatus(models.TextChoices):
    PENDING = "pending"
    REPORTED = "reported"
    STUCK = "stuck"


class OverageReport(models.Model):
    """A piece of a month's overage that was, or is about to be, told to Stripe: minutes `from_minute` to `to_minute`.

    The pieces of one subscription and month join without gap or overlap. `id` is sent along as the identifier by which
    Stripe counts it once. `ledger_output_s` is what the ledger held for the month when the row was written.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_report_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="overage_reports")
    subscription_id = models.CharField(max_length=255)
    customer_id = models.CharField(max_length=255)
    month = models.DateField()
    from_minute = models.PositiveIntegerField()
    to_minute = models.PositiveIntegerField()
    ledger_output_s = models.DecimalField(max_digits=15, decimal_places=3)
    happened_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=ReportStatus.choices, default=ReportStatus.PENDING)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(default=clock.now)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    reported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["subscription_id", "month", "from_minute"], name="overage_reported_once"),
            models.CheckConstraint(
                condition=models.Q(to_minute__gt=models.F("from_minute")), name="overage_report_has_minutes"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(status="pending"), name="overage_report_due")]

    def __str__(self) -> str:
        return f"{self.minutes} min of {self.month:%Y-%m} ({self.id})"

    @property
    def minutes(self) -> int:
        """Whole minutes that this piece adds."""
        return self.to_minute - self.from_minute
