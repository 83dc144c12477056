"""Workspaces: the tenants. Every other row belongs to one."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from framelane.lib import clock, ids


def new_workspace_id() -> str:
    return ids.new_id("ws")


def new_invitation_id() -> str:
    return ids.new_id("inv")


class Plan(models.TextChoices):
    FREE = "free"
    PRO = "pro"
    ENTERPRISE = "enterprise"


class PlanStatus(models.TextChoices):
    ACTIVE = "active"
    PAST_DUE = "past_due"
    CANCELLED = "cancelled"
    TRIALING = "trialing"


class Workspace(models.Model):
    """A tenant. `verified_at` is null until its e-mail address is proven.

    `past_due_since` is when a payment first failed, null while all is paid. From `erasure_requested_at` on nothing
    works any more, and everything that belongs to it is being deleted.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_workspace_id, editable=False)
    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=254)
    plan = models.CharField(max_length=16, choices=Plan.choices, default=Plan.FREE)
    plan_status = models.CharField(max_length=16, choices=PlanStatus.choices, default=PlanStatus.ACTIVE)
    past_due_since = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    erasure_requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(Lower("email"), name="workspace_by_email"),
            models.Index(
                fields=["created_at"], condition=models.Q(verified_at__isnull=True), name="workspace_unverified"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(plan__in=Plan.values), name="workspace_plan_is_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="workspace_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


class Role(models.TextChoices):
    OWNER = "owner"
    MEMBER = "member"


class Membership(models.Model):
    """A person's place in a workspace. There is always an owner once there was one."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace_id} ({self.role})"


class Invitation(models.Model):
    """A place in a workspace that is kept for whoever proves an address, until they take it, decline, or it lapses."""

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_invitation_id, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.MEMBER)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "id"]
        indexes = [
            models.Index(Lower("email"), name="invitation_by_email"),
            models.Index(fields=["expires_at"], name="invitation_end"),
        ]
        constraints = [
            models.UniqueConstraint("workspace", Lower("email"), name="invitation_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_is_known"),
        ]

    def __str__(self) -> str:
        return f"invitation to {self.workspace_id} ({self.role})"


class Identity(models.Model):
    """A person as an OpenID Connect issuer knows them: `subject` never changes, whatever their address becomes."""

    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities")
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name_plural = "identities"
        constraints = [models.UniqueConstraint(fields=["issuer", "subject"], name="identity_once")]

    def __str__(self) -> str:
        return f"{self.subject} of {self.issuer}"


class Erasure(models.Model):
    """The proof that a workspace was erased: what was asked for when, and how much was deleted. It names no content.

    There is no foreign key: the row outlives the workspace.
    """

    workspace_id = models.CharField(max_length=ids.MAX_LENGTH, unique=True)
    requested_at = models.DateTimeField(default=clock.now)
    completed_at = models.DateTimeField(null=True)
    rows_deleted = models.JSONField(default=dict)
    objects_deleted = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(completed_at__isnull=True), name="erasure_due")]

    def __str__(self) -> str:
        return f"erasure of {self.workspace_id}"
