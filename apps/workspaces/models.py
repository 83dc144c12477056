"""Workspaces: the tenants. Every other row belongs to one."""

from django.db import models

from framelane.lib import clock, ids


def new_workspace_id() -> str:
    return ids.new_id("ws")


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
    """A tenant. `verified_at` is null until its e-mail address is proven."""

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_workspace_id, editable=False)
    name = models.CharField(max_length=255)
    email = models.EmailField(max_length=254)
    plan = models.CharField(max_length=16, choices=Plan.choices, default=Plan.FREE)
    plan_status = models.CharField(max_length=16, choices=PlanStatus.choices, default=PlanStatus.ACTIVE)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(plan__in=Plan.values), name="workspace_plan_is_known"),
            models.CheckConstraint(condition=~models.Q(name=""), name="workspace_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"
