"""Endpoints of API keys."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys import scopes, selectors, services
from apps.api_keys.models import ApiKey
from apps.api_keys.schemas import ApiKeyCreated, ApiKeyOut, ApiKeyPage, ApiKeyRequest, ApiKeyRotation
from apps.api_keys.views import KeyViewSet
from framelane.api.errors import ApiError, conflict, not_found, validation_error
from framelane.api.idempotency import idempotent
from framelane.api.pagination import PageQuery, paginate
from framelane.api.schema import IDEMPOTENCY_KEY, UNAUTHORIZED, answers, described, path_parameter, query_parameters
from framelane.api.views import respond
from gpu_tasks.timeline.problems import Problem

Made = tuple[ApiKey, str | None]
NOT_FOUND: Final = described("No such key in this workspace.")
KEY_ID: Final = path_parameter("api_key_id")
CREATED: Final = {
    200: answers(ApiKeyCreated, "Idempotent replay; `key` is null."),
    201: answers(ApiKeyCreated),
    401: UNAUTHORIZED,
    403: described("The key would have scopes that you lack."),
}


class ApiKeyViewSet(KeyViewSet):
    """`/v1/api-keys`."""

    scope_area = "workspace"

    @extend_schema(
        operation_id="list_api_keys",
        tags=["api-keys"],
        summary="List API keys",
        parameters=query_parameters(PageQuery),
        responses={200: answers(ApiKeyPage), 401: UNAUTHORIZED},
    )
    def list(self, request: Request) -> Response:
        """All keys of the workspace, revoked and expired ones too."""
        page = paginate(selectors.keys_of(self.workspace), self.query(PageQuery), ApiKeyOut.of)
        return respond(ApiKeyPage.model_validate(page))

    @extend_schema(
        operation_id="create_api_key",
        tags=["api-keys"],
        summary="Create an API key",
        parameters=[IDEMPOTENCY_KEY],
        request=ApiKeyRequest,
        responses={
            **CREATED,
            409: described("The workspace has 100 keys, or the Idempotency-Key was used with another body."),
            422: described("Validation error."),
        },
    )
    def create(self, request: Request) -> Response:
        """Answers with the text of the key, this once: only its hash is kept, and a replay says null."""
        self.payload()
        return self._created(request, self._issue)

    @extend_schema(
        operation_id="rotate_api_key",
        tags=["api-keys"],
        summary="Rotate an API key",
        parameters=[KEY_ID, IDEMPOTENCY_KEY],
        request=ApiKeyRotation,
        responses={
            **CREATED,
            404: NOT_FOUND,
            409: described("The key works no more or was rotated before."),
            422: described("Validation error."),
        },
    )
    def rotate(self, request: Request, api_key_id: str) -> Response:
        """Makes a key of the same name, scopes and expiry; the old one works on for the overlap."""
        # First: an Idempotency-Key is noted with its path, which has room for the ids of keys and not for any text.
        key = self._find(api_key_id)
        return self._created(request, lambda: self._rotate(key))

    @extend_schema(
        operation_id="revoke_api_key",
        tags=["api-keys"],
        summary="Revoke an API key",
        parameters=[KEY_ID],
        responses={204: described("The key does not work any more."), 401: UNAUTHORIZED, 404: NOT_FOUND},
    )
    def destroy(self, request: Request, api_key_id: str) -> Response:
        """The key stops working at once, even if it is the one that asks. Revoking it again changes nothing."""
        services.revoke_key(key=self._find(api_key_id))
        return Response(status=204)

    def _find(self, key_id: str) -> ApiKey:
        key = selectors.find_key(self.workspace, key_id)
        if key is None:
            raise not_found("API key not found.")
        return key

    def _created(self, request: Request, create: Callable[[], Made]) -> Response:
        made, is_replay = idempotent(request, self.workspace.id, create, self._original, _id_of)
        return respond(ApiKeyCreated.made(*made), status=200 if is_replay else 201)

    def _original(self, key_id: str) -> Made:
        return self._find(key_id), None

    def _issue(self) -> Made:
        body = self.body(ApiKeyRequest)
        allowed = scopes.in_order(body.scopes or self.principal.scopes)
        self._must_have(allowed)
        with _refusals():
            return services.issue_key(
                workspace=self.workspace, name=body.name, scopes=allowed, expires_at=body.expires_at
            )

    def _rotate(self, key: ApiKey) -> Made:
        body = self.optional_body(ApiKeyRotation)
        # Its successor's text goes to whoever asks for it.
        self._must_have(key.scopes)
        with _refusals():
            return services.rotate_key(key=key, overlap=timedelta(seconds=body.overlap_s))

    def _must_have(self, wanted: Sequence[str]) -> None:
        """Nobody can give what they do not have. Raises ApiError 403."""
        missing = self.principal.lacks(wanted)
        if missing:
            message = f"This {self.principal.noun} cannot give scopes that it lacks: {', '.join(missing)}."
            raise ApiError(403, "forbidden", message, {"scopes": missing})


def _id_of(made: Made) -> str:
    return made[0].id


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a key can be refused for into answers."""
    try:
        yield
    except services.BadExpiry as reason:
        raise validation_error([Problem("/expires_at", "out_of_range", str(reason))]) from None
    except services.KeyRefused as reason:
        raise conflict(str(reason)) from None
