"""Bodies of the sign-up endpoints."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from apps.api_keys.schemas import ApiKeyCreated
from apps.signup import addresses, codes
from apps.workspaces.schemas import WorkspaceOut
from framelane.api.names import Name
from framelane.api.schema import example


def _address(text: str) -> str:
    try:
        return addresses.normalised(text)
    except ValueError as error:
        raise PydanticCustomError("email_address", "{reason}", {"reason": str(error)}) from None


def _without_spaces(code: Any) -> Any:
    """People copy `123 456`."""
    return "".join(code.split()) if isinstance(code, str) and len(code) <= 32 else code


EmailAddress = Annotated[str, StringConstraints(max_length=addresses.MAX_LENGTH), AfterValidator(_address)]
Code = Annotated[str, BeforeValidator(_without_spaces), StringConstraints(pattern=rf"^[0-9]{{{codes.DIGITS}}}$")]


class SignupRequest(BaseModel):
    workspace_name: Name = Field(description="What to call the workspace.", json_schema_extra=example("Alice's films"))
    email: EmailAddress = Field(
        description="Where the code goes, and later mail about the workspace.",
        json_schema_extra={"format": "email", **example("alice@example.com")},
    )


class VerifyRequest(BaseModel):
    email: EmailAddress = Field(
        description="The address that signed up.",
        json_schema_extra={"format": "email", **example("alice@example.com")},
    )
    otp_code: Code = Field(description="The six digits of the mail.", json_schema_extra=example("482916"))


class ResendRequest(BaseModel):
    email: EmailAddress = Field(
        description="The address that signed up.",
        json_schema_extra={"format": "email", **example("alice@example.com")},
    )


class SignupOut(BaseModel):
    """The new workspace and its first key. The key works once the address is verified."""

    workspace: WorkspaceOut
    api_key: ApiKeyCreated
    verification: Literal["pending"] = Field(description="The code is on its way to the address.")


class VerifyOut(BaseModel):
    """The workspace, verified. Its key works from now on."""

    workspace: WorkspaceOut


class ResendOut(BaseModel):
    """The same for every address."""

    verification: Literal["pending"] = Field(
        description="If this address waits to be verified, a new code is on its way to it."
    )
