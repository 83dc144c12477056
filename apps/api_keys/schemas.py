"""Bodies of the key endpoints."""

from datetime import datetime
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, Field

from apps.api_keys.models import ApiKey
from apps.api_keys.scopes import ALL, ApiKeyScope
from framelane.api.names import Name
from framelane.api.pagination import Page
from framelane.api.schema import example

MAX_OVERLAP_S: Final = 7 * 24 * 3600
DEFAULT_OVERLAP_S: Final = 24 * 3600


class ApiKeyRequest(BaseModel):
    """A key to be made."""

    name: Name = Field(description="To tell keys apart.", json_schema_extra=example("CI server"))
    scopes: list[ApiKeyScope] | None = Field(
        None,
        min_length=1,
        max_length=4 * len(ALL),
        description="What the key may do; all that you may do yourself unless said otherwise, and never more.",
        json_schema_extra=example(["renders:read", "renders:write"]),
    )
    expires_at: AwareDatetime | None = Field(
        None,
        description="When the key stops working, with its time zone: in the future, in less than five years.",
        json_schema_extra=example("2027-11-22T00:00:00Z"),
    )


class ApiKeyRotation(BaseModel):
    """How a key gives way to the next one."""

    overlap_s: int = Field(
        DEFAULT_OVERLAP_S,
        ge=0,
        le=MAX_OVERLAP_S,
        description="How long the old key works on beside the new one, in seconds.",
    )


class ApiKeyOut(BaseModel):
    """A key as it can be shown. Its text is shown once, when it is made."""

    id: str = Field(description="Begins with `key_`.", json_schema_extra=example("key_01J8QR2K5VKDGN2T4FBM3CZYX7"))
    name: str = Field(description="What its maker calls it.", json_schema_extra=example("CI server"))
    key_prefix: str = Field(description="How its text begins.", json_schema_extra=example("fl_live_kT9u"))
    created_at: datetime = Field(description="When it was made.")
    last_used_at: datetime | None = Field(None, description="When it was last used, to the minute.")
    revoked_at: datetime | None = Field(None, description="When it was revoked.")
    scopes: list[ApiKeyScope] = Field(description="What it may do.", json_schema_extra=example(["renders:read"]))
    expires_at: datetime | None = Field(None, description="When it stops, or stopped, working; null for never.")

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyOut":
        return cls(**_fields_of(key))


class ApiKeyCreated(ApiKeyOut):
    """A new key with its text."""

    key: str | None = Field(
        None,
        description="The text of the key: it is shown now and never again. Null when the request is an idempotent "
        "replay; if the first answer was lost, revoke the key and make another.",
        json_schema_extra=example("fl_live_kT9uQwErTyUiOpAsDfGhJkLzXcVbNm012345"),
    )

    @classmethod
    def made(cls, key: ApiKey, secret: str | None) -> "ApiKeyCreated":
        return cls(**_fields_of(key), key=secret)


class ApiKeyPage(Page[ApiKeyOut]):
    """One page of keys, newest first; those that work no more are among them."""


def _fields_of(key: ApiKey) -> dict[str, Any]:
    return {name: getattr(key, name) for name in ApiKeyOut.model_fields}
