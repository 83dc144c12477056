"""What the staff may do to workspaces and to the people in them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from apps.workspaces import members
from apps.workspaces.models import Membership, Role, Workspace
from apps.workspaces.services import change_address
from apps.workspaces.verification import mark_verified
from framelane.api.staff_acts import Act, ActRefused, Changes, Reasoned, offer


class NewAddress(Reasoned):
    email = forms.EmailField(max_length=254, label="New address")
    field_order = ["email", "reason"]


def is_living(workspace: Workspace) -> bool:
    return workspace.erasure_requested_at is None


def _verify(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    if mark_verified(workspace_id=workspace.id) is None:
        raise ActRefused("its address was verified before, or it is being erased.")
    return None


def _change_address(request: HttpRequest, workspace: Workspace, answers: dict[str, Any]) -> Changes:
    change_address(workspace=workspace, email=answers["email"])
    # The log outlives the workspace, so nobody's address belongs in it.
    return {"email": "changed"}


offer(
    Workspace,
    Act(
        name="verify",
        label="Verify the address",
        action="workspace.verify",
        permission="workspaces.change_workspace",
        question="The address counts as proven, as if its code had been entered: keys work at once.",
        run=_verify,
        can=lambda workspace: workspace.verified_at is None and is_living(workspace),
        watched=("verified_at",),
        done="verified",
    ),
    Act(
        name="change_address",
        label="Change the address",
        action="workspace.change_address",
        permission="workspaces.change_workspace",
        question="All mails go to the new address. It is proven if the former one was: be sure whose it is.",
        run=_change_address,
        form=NewAddress,
        can=is_living,
        refusals=(ValidationError,),
        is_for_one=True,
        done="changed",
    ),
)


def _role(role: Role) -> Callable[[HttpRequest, Membership, dict[str, Any]], Changes]:
    def run(request: HttpRequest, one: Membership, answers: dict[str, Any]) -> Changes:
        members.change_role(workspace=one.workspace, user=one.user, role=role)
        return {"user": one.user_id}

    return run


def _remove(request: HttpRequest, one: Membership, answers: dict[str, Any]) -> Changes:
    changes = {"user": one.user_id, "role": [one.role, None]}
    members.remove_member(workspace=one.workspace, user=one.user)
    return changes


_MEMBERS: dict[str, Any] = {"permission": "workspaces.change_membership", "refusals": (members.MemberRefused,)}

offer(
    Membership,
    Act(
        name="make_owner",
        label="Make them owners",
        action="membership.make_owner",
        question="These people may do everything in their workspaces, billing and deletion included.",
        run=_role(Role.OWNER),
        can=lambda one: one.role != Role.OWNER,
        watched=("role",),
        done="made owners",
        **_MEMBERS,
    ),
    Act(
        name="make_member",
        label="Make them ordinary members",
        action="membership.make_member",
        question="These people keep their access, without what only owners do.",
        run=_role(Role.MEMBER),
        can=lambda one: one.role != Role.MEMBER,
        watched=("role",),
        done="made members",
        **_MEMBERS,
    ),
    Act(
        name="remove",
        label="Remove them from their workspaces",
        action="membership.remove",
        question="These people lose their access to these workspaces at once.",
        run=_remove,
        is_dangerous=True,
        done="removed",
        **_MEMBERS,
    ),
)
