"""Invitations into a workspace: sent by an owner, taken up by whoever proves the address."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from apps.mail.services import queue_mail
from apps.signup.allowances import take
from apps.workspaces.members import AlreadyMember, add_member
from apps.workspaces.models import Invitation, Membership, Role, Workspace
from apps.workspaces.selectors import invitations_for, invitations_of
from apps.workspaces.services import lock_workspace
from framelane.lib import clock

LIFETIME: Final = timedelta(days=7)
MAX_OPEN: Final = 50
"""Of one workspace at the same time."""
MAX_AN_HOUR: Final = 20
MAX_TO_ADDRESS_AN_HOUR: Final = 5


class InvitationRefused(Exception):
    """The invitation cannot be sent or taken. The text says why."""


@transaction.atomic
def invite(*, workspace: Workspace, email: str, role: str, inviter: User) -> Invitation:
    """Keep a place for an address, and tell it by mail; doing it again sends another mail and a new week.

    Raises InvitationRefused; ApiError 429 for too many in an hour; ValueError for a role that does not exist.
    """
    lock_workspace(workspace_id=workspace.id)
    if Membership.objects.filter(workspace=workspace, user__email__iexact=email).exists():
        raise InvitationRefused(f"{email} belongs to this workspace already.")
    take("invitations", workspace.id, MAX_AN_HOUR)
    take("invitations to an address", email.lower(), MAX_TO_ADDRESS_AN_HOUR)
    values = {"role": Role(role), "invited_by": inviter, "expires_at": clock.now() + LIFETIME}
    known = invitations_of(workspace).filter(email__iexact=email).first()
    if known is not None:
        Invitation.objects.filter(id=known.id).update(**values)
        invitation = Invitation.objects.get(id=known.id)
    else:
        invitation = _new(workspace, email, values)
    _tell(invitation, inviter)
    return invitation


def _new(workspace: Workspace, email: str, values: dict[str, object]) -> Invitation:
    if invitations_of(workspace).count() >= MAX_OPEN:
        raise InvitationRefused(f"{MAX_OPEN} invitations are open; withdraw one that is not needed any more.")
    return Invitation.objects.create(workspace=workspace, email=email, **values)


def _tell(invitation: Invitation, inviter: User) -> None:
    context = {
        "inviter": inviter.email or "Somebody",
        "address": f"{settings.FRAMELANE_PUBLIC_URL}/console/invitations",
        "days": LIFETIME.days,
    }
    # Without the workspace: what its owner calls it is nothing to send to strangers.
    queue_mail(to=invitation.email, template="invitation", context=context, useless_after=invitation.expires_at)


@transaction.atomic
def accept(*, user: User, invitation_id: str) -> Membership:
    """Take the place. Raises InvitationRefused for one that is not for this person, or lapsed."""
    invitation = _held(user, invitation_id)
    try:
        membership = add_member(workspace=invitation.workspace, user=user, role=invitation.role)
    except AlreadyMember:
        membership = Membership.objects.get(workspace=invitation.workspace, user=user)
    invitation.delete()
    return membership


@transaction.atomic
def decline(*, user: User, invitation_id: str) -> None:
    """Let the place go. Raises InvitationRefused as `accept` does."""
    _held(user, invitation_id).delete()


def withdraw(*, workspace: Workspace, invitation_id: str) -> bool:
    """Take an invitation back; False when it was taken, declined or withdrawn before."""
    return bool(invitations_of(workspace).filter(id=invitation_id).delete()[0])


def forget_lapsed() -> int:
    """Delete invitations that nobody took in time; how many."""
    return Invitation.objects.filter(expires_at__lte=clock.now()).delete()[0]


def _held(user: User, invitation_id: str) -> Invitation:
    invitation = invitations_for(user).filter(id=invitation_id).first()
    if invitation is None:
        raise InvitationRefused("This invitation is not open any more, or it is for somebody else's address.")
    return invitation
