"""Bodies of signing in by a session token."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.api_keys.schemas import ApiKeyCreated
from apps.workspaces.schemas import WorkspaceOut
from framelane.api.schema import example
from framelane.lib.oidc import MAX_TOKEN_LENGTH

_TOKEN: dict[str, Any] = {"min_length": 1, "max_length": MAX_TOKEN_LENGTH}


class AuthSyncRequest(BaseModel):
    """A session token, under one of its two names."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["token"]}, {"required": ["clerk_token"]}]})

    token: str | None = Field(
        None,
        description="A JWT of the issuer that this installation trusts.",
        json_schema_extra=example("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl"),
        **_TOKEN,
    )
    clerk_token: str | None = Field(None, description="The same under the name that Clerk's users expect.", **_TOKEN)

    @model_validator(mode="after")
    def _one_token(self) -> "AuthSyncRequest":
        if (self.token is None) == (self.clerk_token is None):
            raise ValueError("send either token or clerk_token")
        return self

    @property
    def text(self) -> str:
        """The token itself."""
        return self.token or self.clerk_token or ""


class AuthSyncOut(BaseModel):
    """Where the person who signed in is at home."""

    workspace: WorkspaceOut
    is_new: bool = Field(description="Whether the workspace was made just now.")
    api_key: ApiKeyCreated | None = Field(
        None, description="The first key of a new workspace with its text, which is never shown again; else null."
    )
