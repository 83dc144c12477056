"""The error envelope as the OpenAPI document describes it."""

from typing import Any

from pydantic import BaseModel, Field

from framelane.api.error_codes import ERROR_CODES
from framelane.api.schema import COMPONENT, DescribedEnum

# An enum made from the table of codes, which the type checker cannot look into.
ApiErrorCode: Any = DescribedEnum("ApiErrorCode", {code: (code, facts.meaning) for code, facts in ERROR_CODES.items()})  # type: ignore[arg-type]
ApiErrorCode.__doc__ = "Why a request was refused. Programs decide by it; new codes may be added."


class ErrorBody(BaseModel):
    """What went wrong."""

    code: ApiErrorCode
    message: str = Field(description="For people.")
    details: dict[str, Any] = Field(description="For a 422, `fields` lists each problem with its JSON pointer.")


class ErrorEnvelope(BaseModel):
    """The body of every answer that is not a success."""

    error: ErrorBody


def error_components() -> dict[str, Any]:
    """The schema components of the envelope by name."""
    schema = ErrorEnvelope.model_json_schema(ref_template=COMPONENT)
    parts: dict[str, Any] = schema.pop("$defs")
    return {**parts, "ErrorEnvelope": schema}
