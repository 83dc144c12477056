"""Writes to workspaces."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from apps.workspaces.models import Plan, PlanStatus, Workspace
from framelane.lib import clock


@transaction.atomic
def create_workspace(*, name: str, email: str, plan: str = "free", verified: bool = False) -> Workspace:
    """A new workspace. Raises Django's ValidationError that names the field and what is wrong with it."""
    workspace = Workspace(name=name.strip(), email=email.strip(), plan=plan)
    workspace.verified_at = clock.now() if verified else None
    if not workspace.name.isprintable():
        raise ValidationError({"name": "A name may hold printable characters only."})
    workspace.full_clean()
    workspace.save(force_insert=True)
    return workspace


def rename_workspace(*, workspace: Workspace, name: str) -> Workspace:
    """Give a workspace another name, of 1 to 255 printable characters."""
    Workspace.objects.filter(id=workspace.id).update(name=name.strip())
    workspace.refresh_from_db(fields=["name"])
    return workspace


@transaction.atomic
def set_plan(*, workspace: Workspace, plan: str, plan_status: str, past_due_since: datetime | None) -> bool:
    """Give a workspace the plan that it pays for; False for one whose plan is not a matter of payment.

    The enterprise plan is agreed on with people, so payment neither gives nor takes it. While a payment stays overdue
    the first `past_due_since` counts. Raises ValueError for a plan or status that does not exist.
    """
    values = {"plan": Plan(plan), "plan_status": PlanStatus(plan_status)}
    since = Value(None) if past_due_since is None else Coalesce("past_due_since", Value(past_due_since))
    paying = Workspace.objects.filter(id=workspace.id).exclude(plan=Plan.ENTERPRISE)
    changed = bool(paying.update(**values, past_due_since=since))
    workspace.refresh_from_db(fields=["plan", "plan_status", "past_due_since"])
    return changed


def lock_workspace(*, workspace_id: str) -> Workspace:
    """The workspace as it is now, which nobody else gets this way until the transaction ends.

    For rules that count what a workspace has. Rows that merely refer to it, which everybody writes, can still be
    written meanwhile. Raises Workspace.DoesNotExist.
    """
    return Workspace.objects.select_for_update(no_key=True).get(id=workspace_id)


def assign_plan(*, workspace: Workspace, plan: str) -> Workspace:
    """Give a workspace a plan by agreement, whatever it pays; what was overdue is forgiven.

    Raises ValueError for a plan that does not exist.
    """
    values = {"plan": Plan(plan), "plan_status": PlanStatus.ACTIVE, "past_due_since": None}
    Workspace.objects.filter(id=workspace.id).update(**values)
    workspace.refresh_from_db(fields=[*values])
    return workspace


def change_address(*, workspace: Workspace, email: str) -> Workspace:
    """Let the mails of a workspace go elsewhere; whether the address counts as proven stays as it is.

    Raises Django's ValidationError for what is no address.
    """
    workspace.email = email.strip()
    workspace.clean_fields(exclude=[field.name for field in Workspace._meta.fields if field.name != "email"])
    workspace.save(update_fields=["email"])
    return workspace
