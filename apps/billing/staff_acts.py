"""What the staff may give workspaces: a plan, and minutes beside it."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest

from apps.billing.agreements import PlanRefused, agree_on_plan
from apps.billing.grants import MAX_MINUTES, GrantRefused, grant_minutes, months_to_grant
from apps.workspaces.models import Plan, Workspace
from framelane.api.staff_acts import Act, Changes, Reasoned, offer


class Agreement(Reasoned):
    plan = forms.ChoiceField(choices=Plan.choices)
    field_order = ["plan", "reason"]


class Minutes(Reasoned):
    minutes = forms.IntegerField(
        min_value=-MAX_MINUTES, max_value=MAX_MINUTES, help_text="Negative minutes take back what was granted."
    )
    month = forms.ChoiceField()
    field_order = ["minutes", "month", "reason"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        month = self.fields["month"]
        assert isinstance(month, forms.ChoiceField)
        month.choices = [(f"{first:%Y-%m-%d}", f"{first:%B %Y}") for first in months_to_grant()]


def _is_living(workspace: Workspace) -> bool:
    return workspace.erasure_requested_at is None


def _agree(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    agree_on_plan(workspace=workspace, plan=answers["plan"])
    return None


def _grant(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    month = next(one for one in months_to_grant() if f"{one:%Y-%m-%d}" == answers["month"])
    by = request.user if isinstance(request.user, User) else None
    grant = grant_minutes(
        workspace=workspace, minutes=answers["minutes"], month=month, reason=answers["reason"], granted_by=by
    )
    return {"grant": grant.id, "month": f"{month:%Y-%m}", "minutes": answers["minutes"]}


offer(
    Workspace,
    Act(
        name="change_plan",
        label="Change the plan",
        action="workspace.change_plan",
        permission="workspaces.change_workspace",
        question="The new plan counts at once, and what was overdue is forgiven. While a subscription goes on, "
        "the plan follows its payments and cannot be changed here.",
        run=_agree,
        form=Agreement,
        can=_is_living,
        watched=("plan", "plan_status", "past_due_since"),
        refusals=(PlanRefused,),
        done="changed",
    ),
    Act(
        name="grant_minutes",
        label="Grant minutes",
        action="workspace.grant_minutes",
        permission="billing.add_grant",
        question="These minutes are included in one month, on top of the plan. They are not charged, "
        "but what was charged before stays on the invoice.",
        run=_grant,
        form=Minutes,
        can=_is_living,
        refusals=(GrantRefused,),
        done="given minutes",
    ),
)
