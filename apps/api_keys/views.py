"""The base of every endpoint that needs a key."""

from typing import Any

from rest_framework.request import Request

from apps.api_keys import scopes
from apps.api_keys.authentication import BearerAuthentication
from apps.api_keys.models import ApiKey
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError, forbidden
from framelane.api.views import ApiViewSet


class KeyViewSet(ApiViewSet):
    """Endpoints of a workspace. `scope_area` names what the key's scopes must allow."""

    authentication_classes = [BearerAuthentication]
    scope_area: str
    needs_verified_email = True

    @property
    def api_key(self) -> ApiKey:
        """The key that the request came with."""
        key = self.request.auth
        assert isinstance(key, ApiKey)
        return key

    @property
    def workspace(self) -> Workspace:
        """The workspace that the request acts for."""
        return self.api_key.workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.needs_verified_email and self.workspace.verified_at is None:
            raise ApiError(403, "email_not_verified", "Verify the e-mail address of this workspace first.")
        scope = scopes.needed(self.scope_area, request.method or "")
        if scope not in self.api_key.scopes:
            raise forbidden(f"This API key lacks the scope {scope!r}.")
