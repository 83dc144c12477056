"""Who looks at a page of the console, and for which workspace."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from apps.api_keys import scopes
from apps.workspaces.models import Role, Workspace
from apps.workspaces.selectors import find_membership

WORKSPACE_KEY = "console.workspace"
"""In the session: the id of the workspace that its person has chosen."""
IMPERSONATION_KEY = "console.impersonation"
"""In the session of somebody from the staff: the id of the workspace that they look at as its owner would."""


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
    if (impersonated := _impersonated(request, user)) is not None:
        return Visitor(user, impersonated, Role.OWNER, is_impersonating=True)
    chosen = request.session.get(WORKSPACE_KEY)
    membership = (find_membership(user, chosen) if chosen else None) or find_membership(user)
    if membership is None or membership.workspace.erasure_requested_at is not None:
        return None
    return Visitor(user, membership.workspace, membership.role)


def _impersonated(request: HttpRequest, user: User) -> Workspace | None:
    """Only while the person is from the staff: a right that was taken from them ends what they had begun."""
    workspace_id = request.session.get(IMPERSONATION_KEY)
    if workspace_id is None or not (user.is_staff and user.is_active):
        return None
    return Workspace.objects.filter(id=workspace_id, erasure_requested_at=None).first()
