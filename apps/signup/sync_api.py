"""POST /v1/auth/sync."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.authentication import verified_claims
from apps.api_keys.schemas import ApiKeyCreated
from apps.signup import sync
from apps.signup.sync_schemas import AuthSyncOut, AuthSyncRequest
from apps.workspaces.schemas import WorkspaceOut
from framelane.api.errors import ApiError, forbidden, validation_error
from framelane.api.schema import answers, described
from framelane.api.views import ApiViewSet, respond
from framelane.lib import oidc
from gpu_tasks.timeline.problems import Problem


class AuthViewSet(ApiViewSet):
    """`/v1/auth`."""

    @extend_schema(
        operation_id="sync_session",
        tags=["auth"],
        summary="Sync a session",
        request=AuthSyncRequest,
        responses={
            200: answers(AuthSyncOut),
            401: described("The token is not valid."),
            403: described("The account is disabled."),
            422: described("Validation error, or the token names no e-mail address."),
            501: described("This installation trusts no issuer of session tokens."),
        },
    )
    def sync(self, request: Request) -> Response:
        """Takes a session token of the issuer that this installation trusts, and makes the person and a workspace on
        first sight. From then on the token opens all endpoints, like a key.
        """
        if oidc.configured() is None:
            message = (
                "This installation trusts no issuer of session tokens; its operator can set FRAMELANE_OIDC_ISSUER."
            )
            raise ApiError(501, "not_configured", message)
        return respond(_synced(self.body(AuthSyncRequest)))


def _synced(body: AuthSyncRequest) -> AuthSyncOut:
    try:
        synced = sync.sync(claims=verified_claims(body.text))
    except sync.AddressMissing as reason:
        path = "/token" if body.token is not None else "/clerk_token"
        raise validation_error([Problem(path, "missing_claim", str(reason))]) from None
    except sync.Disabled as reason:
        raise forbidden(str(reason)) from None
    key = ApiKeyCreated.made(synced.key, synced.secret) if synced.key is not None else None
    return AuthSyncOut(workspace=WorkspaceOut.of(synced.workspace), is_new=synced.is_new, api_key=key)
