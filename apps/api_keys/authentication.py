"""`Authorization: Bearer` with an API key or with a session token of the console."""

from typing import Final

from django.contrib.auth.models import User
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.api_keys import selectors, services
from apps.api_keys.principal import Principal
from apps.workspaces import selectors as workspaces
from apps.workspaces.models import Membership
from framelane.api.errors import forbidden, not_found, unauthorized, unavailable
from framelane.lib import clock, log_context, oidc

WORKSPACE_HEADER: Final = "Framelane-Workspace"
_HINT = "Send it as 'Authorization: Bearer fl_live_...'."


class BearerAuthentication(BaseAuthentication):
    """Finds who sends a request. `request.auth` becomes the Principal; `request.user` the member, or None for a key."""

    def authenticate(self, request: Request) -> tuple[User | None, Principal]:
        """Raises ApiError: 401 when nobody is recognised, 404 for a foreign workspace, 503 when we cannot tell."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            raise unauthorized(f"This needs an API key. {_HINT}")
        if scheme.lower() != "bearer":
            raise unauthorized(f"The Authorization scheme must be Bearer. {_HINT}")
        wanted, secret = request.headers.get(WORKSPACE_HEADER), secret.strip()
        principal = _by_token(secret, wanted) if secret.count(".") == 2 else _by_key(secret, wanted)
        log_context.note(workspace=principal.workspace.id)
        return principal.user, principal

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Framelane API"'


def _by_key(secret: str, wanted: str | None) -> Principal:
    key = selectors.find_by_secret(secret)
    # One answer for unknown, revoked, expired and erased: nobody learns that a key once worked.
    if key is None or not key.is_active(clock.now()) or key.workspace.erasure_requested_at is not None:
        raise unauthorized("The API key is not valid.")
    if wanted is not None and wanted != key.workspace_id:
        raise _no_such_workspace()
    services.note_use(key=key)
    return Principal.of_key(key)


def _by_token(token: str, wanted: str | None) -> Principal:
    user = workspaces.find_user(verified_claims(token))
    if user is None or not user.is_active:
        raise unauthorized("Nobody has signed in with this session yet. Send its token to POST /v1/auth/sync first.")
    membership = workspaces.find_membership(user, wanted)
    if membership is None and wanted is not None:
        raise _no_such_workspace()
    if membership is None:
        raise forbidden("You belong to no workspace. POST /v1/auth/sync makes one.")
    return Principal.of_member(_of_living(membership))


def verified_claims(token: str) -> oidc.Claims:
    """What a session token says. Raises ApiError 401 for one that proves nothing, 503 when we cannot tell."""
    issuer = oidc.configured()
    if issuer is None:
        raise unauthorized("The API key is not valid.")
    try:
        return issuer.verify(token)
    except oidc.InvalidToken as reason:
        raise unauthorized(f"The session token is not valid: {reason}.") from None
    except oidc.Unavailable:
        raise unavailable("Session tokens cannot be checked right now. Try again in a few seconds.") from None


def _of_living(membership: Membership) -> Membership:
    if membership.workspace.erasure_requested_at is not None:
        raise unauthorized("The workspace is being deleted.")
    return membership


def _no_such_workspace() -> Exception:
    return not_found(f"There is no such workspace, or it is not yours; see the header {WORKSPACE_HEADER}.")
