"""The OpenAPI document: generated from the views, with the touches that the generator leaves to us."""

from functools import cache
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.generators import SchemaGenerator

from framelane.api import documents
from framelane.api.enum_texts import describe_enums
from framelane.api.error_schemas import error_components
from framelane.api.errors import ApiError
from framelane.api.handlers import error_response
from framelane.api.schema import COMPONENT, PARAMETER_COMPONENTS

_ANY_ERROR: Final = {
    "description": "Anything else is an error, and says which.",
    "content": {"application/json": {"schema": {"$ref": COMPONENT.format(model="ErrorEnvelope")}}},
}


_METHODS: Final = ("get", "post", "put", "patch", "delete")


@cache
def document() -> bytes:
    """The document as it is sent. It cannot change while the process runs."""
    return documents.encoded(build)


def build() -> dict[str, Any]:
    """The document, from the views as they are."""
    generator: Any = SchemaGenerator
    built: dict[str, Any] = generator().get_schema(request=None, public=True)
    return built


def openapi_json(request: HttpRequest) -> HttpResponseBase:
    """Serves the document to anybody."""
    if request.method not in ("GET", "HEAD"):
        return error_response(ApiError(405, "method_not_allowed", f"{request.method} is not possible here."))
    return documents.serve(request, document())


def finish(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The last step of the generation: security as the contract wants it, the envelope of errors on every operation,
    no defaults that say nothing, and an order that every process agrees on.
    """
    result["security"] = []
    result["paths"] = {path: _in_order(operations) for path, operations in result["paths"].items()}
    for operations in result["paths"].values():
        for operation in operations.values():
            _require_key_or_nothing(operation)
            operation["responses"]["default"] = _ANY_ERROR
    _drop_null_defaults(result)
    components = result["components"]["schemas"]
    result["components"]["schemas"] = {**PARAMETER_COMPONENTS, **components, **error_components()}
    describe_enums(result["components"]["schemas"])
    return result


def _in_order(operations: dict[str, Any]) -> dict[str, Any]:
    """The generator takes methods from a set, whose order changes from process to process."""
    return dict(sorted(operations.items(), key=lambda item: _METHODS.index(item[0])))


def _require_key_or_nothing(operation: dict[str, Any]) -> None:
    needed = [requirement for requirement in operation.pop("security", []) if requirement]
    if needed:
        operation["security"] = needed


def _drop_null_defaults(node: Any) -> None:
    """`default: null` on a nullable field says nothing that its type and absence from `required` do not."""
    if isinstance(node, dict):
        if "default" in node and node["default"] is None:
            del node["default"]
        for value in node.values():
            _drop_null_defaults(value)
    elif isinstance(node, list):
        for value in node:
            _drop_null_defaults(value)
