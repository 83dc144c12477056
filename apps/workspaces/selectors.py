"""Reads of workspaces and of the people in them."""

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.db.models.functions import Lower

from apps.workspaces.models import Identity, Invitation, Membership, Workspace
from framelane.lib import clock
from framelane.lib.oidc import Claims


def find_user(claims: Claims) -> User | None:
    """The person whom an issuer's token names, active or not."""
    identity = Identity.objects.select_related("user").filter(issuer=claims.issuer, subject=claims.subject).first()
    return identity.user if identity is not None else None


def find_membership(user: User, workspace_id: str | None = None) -> Membership | None:
    """The person's place in that workspace, or else in the first one that they joined, with workspace and user.

    A workspace that is being erased is nobody's first choice while there is another one.
    """
    memberships = Membership.objects.select_related("workspace", "user").filter(user=user)
    if workspace_id is not None:
        return memberships.filter(workspace_id=workspace_id).first() if _can_be_sought(workspace_id) else None
    living = memberships.filter(workspace__erasure_requested_at=None)
    return living.order_by("created_at", "id").first() or memberships.order_by("created_at", "id").first()


def members_of(workspace: Workspace) -> QuerySet[Membership]:
    """The people of a workspace, those who joined first first."""
    return Membership.objects.select_related("user").filter(workspace=workspace).order_by("created_at", "id")


def memberships_of(user: User) -> QuerySet[Membership]:
    """Where a person belongs, the first joined first, without what is being erased."""
    memberships = Membership.objects.select_related("workspace").filter(user=user)
    return memberships.filter(workspace__erasure_requested_at=None).order_by("created_at", "id")


def _can_be_sought(workspace_id: str) -> bool:
    """PostgreSQL refuses to look for text with a NUL."""
    return workspace_id.isprintable()


def workspaces_of(email: str) -> QuerySet[Workspace]:
    """The workspaces that name this address, proven or not, in whatever case. Found through an index."""
    return Workspace.objects.alias(lower_email=Lower("email")).filter(lower_email=email.lower())


def knows_address(email: str) -> bool:
    """Whether a person, an open invitation or a workspace that is not being erased has this address, in whatever case.

    Asks all of them whatever the answer, so that it takes as long for every address.
    """
    people = User.objects.filter(email__iexact=email).count()
    return people + workspaces_of(email).filter(erasure_requested_at=None).count() + _open_to(email).count() > 0


def invitations_of(workspace: Workspace) -> QuerySet[Invitation]:
    """Those that were neither taken nor declined, lapsed ones among them."""
    return Invitation.objects.select_related("invited_by").filter(workspace=workspace)


def invitations_for(user: User) -> QuerySet[Invitation]:
    """What somebody may still take up. `User.email` is a proven address or none."""
    if not user.email:
        return Invitation.objects.none()
    return _open_to(user.email).select_related("workspace", "invited_by")


def _open_to(email: str) -> QuerySet[Invitation]:
    found = Invitation.objects.alias(lower_email=Lower("email")).filter(lower_email=email.lower())
    return found.filter(expires_at__gt=clock.now(), workspace__erasure_requested_at=None)
