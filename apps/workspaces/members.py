"""Writes to who belongs to a workspace. Whoever has had an owner always has one."""

from django.contrib.auth.models import User
from django.db import transaction

from apps.workspaces.models import Membership, Role, Workspace
from apps.workspaces.services import lock_workspace


class MemberRefused(Exception):
    """The change cannot be made. The text says why."""


class AlreadyMember(MemberRefused):
    """The person belongs to the workspace already."""


class NotAMember(MemberRefused):
    """The person does not belong to the workspace."""


class LastOwner(MemberRefused):
    """Without this person nobody could decide about the workspace any more."""


@transaction.atomic
def add_member(*, workspace: Workspace, user: User, role: str = Role.MEMBER) -> Membership:
    """Let a person in. Raises AlreadyMember; ValueError for a role that does not exist."""
    lock_workspace(workspace_id=workspace.id)
    membership, is_new = Membership.objects.get_or_create(workspace=workspace, user=user, defaults={"role": Role(role)})
    if not is_new:
        raise AlreadyMember(f"{user} belongs to {workspace.id} already, as {membership.role}.")
    return membership


@transaction.atomic
def change_role(*, workspace: Workspace, user: User, role: str) -> Membership:
    """Give a member another role. Raises LastOwner, NotAMember; ValueError for a role that does not exist."""
    new_role = Role(role)
    membership = _locked(workspace, user)
    if membership.role == Role.OWNER and new_role != Role.OWNER:
        _refuse_last_owner(membership)
    membership.role = new_role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, workspace: Workspace, user: User) -> None:
    """Let a person go. Raises LastOwner, NotAMember."""
    membership = _locked(workspace, user)
    if membership.role == Role.OWNER:
        _refuse_last_owner(membership)
    membership.delete()


def _locked(workspace: Workspace, user: User) -> Membership:
    """The membership, which nobody changes until the transaction ends: two owners must not let each other go."""
    lock_workspace(workspace_id=workspace.id)
    membership = Membership.objects.filter(workspace=workspace, user=user).first()
    if membership is None:
        raise NotAMember(f"{user} does not belong to {workspace.id}.")
    return membership


def _refuse_last_owner(membership: Membership) -> None:
    owners = Membership.objects.filter(workspace=membership.workspace, role=Role.OWNER)
    if not owners.exclude(id=membership.id).exists():
        raise LastOwner(f"{membership.user} is the last owner of {membership.workspace_id}; make another owner first.")
