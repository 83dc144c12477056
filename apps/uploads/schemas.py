"""Bodies of the upload endpoints."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from apps.uploads.models import Asset
from framelane.lib.storage import get_links


class UploadRequest(BaseModel):
    content_type: str = Field(
        description="The file's MIME type, one of those that `GET /v1/capabilities` lists.",
        json_schema_extra={"example": "video/mp4"},
    )
    filename: str | None = Field(
        None,
        description="The file's own name. It chooses the extension of `source_url` and is shown in lists.",
        json_schema_extra={"example": "my-clip.mp4"},
    )
    duration: float | None = Field(
        None,
        ge=0,
        le=1e6,
        allow_inf_nan=False,
        description="Seconds, where you know them. An upload that is described completely (`duration` for sound; "
        "`width` and `height` for images; all three for video) is ready with its last byte, before it is probed.",
    )
    width: int | None = Field(None, ge=1, le=65535, description="Pixels, where you know them.")
    height: int | None = Field(None, ge=1, le=65535, description="Pixels, where you know them.")


class UploadOut(BaseModel):
    """Where to send the file, and how to name it afterwards."""

    upload_url: str = Field(
        description="PUT the file here: at once, or in chunks with `Content-Range`. It speaks the resumable protocol "
        "of Google Cloud Storage and carries its own permission.",
        json_schema_extra={"example": "https://api.framelane.io/uploads/YXNzZXRfMDFK..."},
    )
    source_url: str = Field(
        description="The file's address for the `source_url` of renders and tasks of this workspace.",
        json_schema_extra={"example": "https://api.framelane.io/media/ws_01J.../uploads/a1b2c3.mp4"},
    )
    expires_at: datetime = Field(description="Until when `upload_url` accepts bytes: an hour from now.")


class AssetError(BaseModel):
    """Why an asset cannot be used; `code` is one of the job error codes."""

    code: str
    message: str


class AssetOut(BaseModel):
    """A media file of the workspace."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    source_url: str
    kind: str
    status: str
    content_type: str
    filename: str | None
    size_bytes: int | None
    duration: float | None
    width: int | None
    height: int | None
    error: AssetError | None
    created_at: datetime

    @classmethod
    def of(cls, asset: Asset) -> "AssetOut":
        values = {name: getattr(asset, name) for name in cls.model_fields if name not in ("source_url", "filename")}
        return cls(**values, source_url=get_links().stable(asset.key), filename=asset.filename or None)
