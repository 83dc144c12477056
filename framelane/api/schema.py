"""How one view becomes an operation of the OpenAPI document."""

from drf_spectacular.openapi import AutoSchema


class OperationSchema(AutoSchema):  # type: ignore[misc]
    """The project's conventions for operations."""
