"""The base of every endpoint that needs a key or a session."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys import scopes
from apps.api_keys.authentication import BearerAuthentication
from apps.api_keys.principal import Principal
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError, forbidden, unauthorized
from framelane.api.throttling import WorkspaceThrottle
from framelane.api.views import ApiViewSet


class KeyViewSet(ApiViewSet):
    """Endpoints of a workspace. `scope_area` names what the scopes of the key or the role must allow; actions that
    change nothing though they are a `POST` are `reading_actions`."""

    authentication_classes = [BearerAuthentication]
    throttle_classes = [WorkspaceThrottle]
    scope_area: str
    reading_actions: frozenset[str] = frozenset()
    needs_verified_email = True

    @classmethod
    def needed_scope(cls, method: str, action: str | None) -> str:
        """The scope that a call asks for."""
        return scopes.needed(cls.scope_area, "GET" if action in cls.reading_actions else method)

    @property
    def principal(self) -> Principal:
        """Who sent the request."""
        principal = self.request.auth
        assert isinstance(principal, Principal)
        return principal

    @property
    def workspace(self) -> Workspace:
        """The workspace that the request acts for."""
        return self.principal.workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.needs_verified_email and self.workspace.verified_at is None:
            raise ApiError(403, "email_not_verified", "Verify the e-mail address of this workspace first.")
        scope = self.needed_scope(request.method or "", self.action)
        if self.principal.lacks([scope]):
            raise forbidden(f"This {self.principal.noun} lacks the scope {scope!r}.")

    def handle_exception(self, exc: Exception) -> Response:
        """A workspace may be erased while it is asked for something; its keys are then none."""
        if isinstance(exc, Workspace.DoesNotExist):
            exc = unauthorized("The workspace of this key no longer exists.")
        return super().handle_exception(exc)
