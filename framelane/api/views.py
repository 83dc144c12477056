"""The base of every endpoint: Pydantic models in and out."""

from typing import Any, TypeVar

from django.http import QueryDict
from pydantic import BaseModel, ValidationError
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from framelane.api.errors import ApiError, invalid_request, validation_error
from gpu_tasks.timeline.problems import problems_of

M = TypeVar("M", bound=BaseModel)


def validated(model: type[M], payload: Any) -> M:
    """`payload` as `model`. Raises ApiError 422 with JSON pointers."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise validation_error(problems_of(error, payload)) from None


def respond(model: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """The answer whose body is `model`."""
    return Response(model.model_dump(mode="json"), status=status, headers=headers)


class ApiViewSet(ViewSet):
    """A public endpoint. Those that need a key derive from `apps.api_keys.views.KeyViewSet`."""

    def payload(self) -> Any:
        """The body as parsed JSON. Raises ApiError 400, 413 or 415."""
        environ = self.request.META
        if "HTTP_TRANSFER_ENCODING" in environ and not environ.get("CONTENT_LENGTH"):
            raise ApiError(411, "invalid_request", "Send the body with a Content-Length.")
        if environ.get("CONTENT_LENGTH") in (None, "", "0"):
            raise invalid_request("The body is empty; send a JSON object.")
        return self.request.data

    def body(self, model: type[M]) -> M:
        """The body as `model`. Raises ApiError 400, 413, 415 or 422."""
        return validated(model, self.payload())

    def optional_body(self, model: type[M]) -> M:
        """The body as `model`, whose defaults count when there is none. Raises ApiError 400, 411, 413, 415 or 422."""
        environ = self.request.META
        is_empty = environ.get("CONTENT_LENGTH") in (None, "", "0") and "HTTP_TRANSFER_ENCODING" not in environ
        return model() if is_empty else self.body(model)

    def query(self, model: type[M]) -> M:
        """The query string as `model`; of a repeated parameter the last one counts. Raises ApiError 422."""
        return validated(model, query_dict(self.request.query_params))


def query_dict(parameters: QueryDict) -> dict[str, Any]:
    """Parameters as plain values. Raises ApiError 400 for text that a database cannot hold."""
    values = parameters.dict()
    if any("\0" in str(value) for value in values.values()):
        raise invalid_request("The query holds a NUL character.")
    return values
