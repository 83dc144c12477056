"""Who looks at a page of the console, and for which workspace."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from apps.api_keys import scopes
from apps.console import impersonation
from apps.workspaces.models import Membership, Role, Workspace
from apps.workspaces.selectors import find_membership

WORKSPACE_KEY = "console.workspace"
"""In the session: the id of the workspace that its person has chosen."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person in one workspace. `is_impersonating` is somebody from the staff who acts as an owner there."""

    user: User
    workspace: Workspace
    role: str
    is_impersonating: bool = False

    @property
    def is_owner(self) -> bool:
        return self.role == Role.OWNER

    def may(self, scope: str) -> bool:
        """Whether their role allows what a key would need this scope for (`apps.api_keys.scopes`)."""
        return scope in scopes.of_role(self.role)


class Page(HttpRequest):
    """A request for a page of the console. For annotations: `page` gives every view one."""

    visitor: Visitor
    user: User


def visitor_of(request: HttpRequest) -> Visitor | None:
    """Who has signed in, in the workspace that they chose or joined first; None for a person without any."""
    user = request.user
    assert isinstance(user, User)
    if (impersonated := impersonation.workspace_of(request)) is not None:
        return Visitor(user, impersonated, Role.OWNER, is_impersonating=True)
    membership = living_membership(user, request.session.get(WORKSPACE_KEY)) or living_membership(user)
    return Visitor(user, membership.workspace, membership.role) if membership is not None else None


def living_membership(user: User, workspace_id: str | None = None) -> Membership | None:
    """The person's place in that workspace, or else in their first one; None where it is being erased."""
    membership = find_membership(user, workspace_id)
    is_living = membership is not None and membership.workspace.erasure_requested_at is None
    return membership if is_living else None
