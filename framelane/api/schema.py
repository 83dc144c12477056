"""Building blocks for contract models and for the operations that use them."""

import inspect
from enum import StrEnum
from typing import Any, Self

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from pydantic import BaseModel, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

COMPONENT = "#/components/schemas/{model}"

PARAMETER_COMPONENTS: dict[str, Any] = {}
"""What parameters refer to, by name. The generator finds the components of bodies by itself."""


class DescribedEnum(StrEnum):
    """An enum whose members may say what they mean: `QUEUED = "queued", "Waits for a worker."`

    The descriptions appear in the OpenAPI document, as a list in the text and as `x-enumDescriptions`.
    """

    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        reference = handler(core_schema)
        schema = handler.resolve_ref_schema(reference)
        described = {member.value: member.description for member in cls if member.description}
        if described and "x-enumDescriptions" not in schema:
            values = "\n".join(f"- `{value}` — {text}" for value, text in described.items())
            schema["description"] = "\n\n".join([*filter(None, [schema.get("description")]), f"Values:\n{values}"])
            schema["x-enumDescriptions"] = described
        return reference


class OperationSchema(AutoSchema):
    """The project's conventions for operations: what is not said explicitly is not guessed."""

    def get_description(self, *_: Any) -> str:
        """The docstring of the endpoint itself; the one of its class is about something else."""
        view: Any = self.view
        return inspect.getdoc(getattr(view, view.action)) or ""

    def _is_list_view(self, serializer: Any = None) -> bool:
        # Our lists are pages, and each view says so itself.
        return False


def query_parameters(model: type[BaseModel]) -> list[OpenApiParameter]:
    """The fields of a query model as parameters of an operation."""
    schema = model.model_json_schema(ref_template=COMPONENT)
    PARAMETER_COMPONENTS.update(schema.get("$defs", {}))
    required = schema.get("required", [])
    return [
        OpenApiParameter(
            name=name,
            type={key: value for key, value in field.items() if key != "description"},
            location=OpenApiParameter.QUERY,
            required=name in required,
            description=field.get("description", ""),
        )
        for name, field in schema.get("properties", {}).items()
    ]


def path_parameter(name: str, description: str = "") -> OpenApiParameter:
    """An id in a path."""
    return OpenApiParameter(name, str, OpenApiParameter.PATH, description=description)


IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    type={"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Idempotency-Key"},
    location=OpenApiParameter.HEADER,
    required=False,
)


def described(text: str) -> OpenApiResponse:
    """A response without a documented body: errors all have the envelope that the introduction shows."""
    return OpenApiResponse(response=None, description=text)


UNAUTHORIZED = described("Missing or invalid API key.")
RATE_LIMITED = described("Rate limit exceeded.")


def example(value: Any) -> dict[str, Any]:
    """What a field shows as its example, for `json_schema_extra`."""
    return {"example": value}


def answers(model: type[BaseModel], text: str = "Successful Response") -> OpenApiResponse:
    """A response whose body is `model`."""
    return OpenApiResponse(response=model, description=text)
