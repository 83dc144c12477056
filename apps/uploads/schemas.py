"""Bodies of the upload endpoints."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from apps.uploads.models import Asset
from framelane.api.schema import DescribedEnum, example
from framelane.lib.storage import get_links

_EXAMPLE_ID = "asset_01J8QR2K5VKDGN2T4FBM3CZYX7"


class UploadRequest(BaseModel):
    content_type: str = Field(
        description="The file's MIME type, one of those that `GET /v1/capabilities` lists.",
        json_schema_extra=example("video/mp4"),
    )
    filename: str | None = Field(
        None,
        description="The file's own name. It chooses the extension of `source_url` and is shown in lists.",
        json_schema_extra=example("my-clip.mp4"),
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
        json_schema_extra=example("https://api.framelane.io/uploads/YXNzZXRfMDFK..."),
    )
    source_url: str = Field(
        description="The file's address for the `source_url` of renders and tasks of this workspace.",
        json_schema_extra=example("https://api.framelane.io/media/ws_01J.../uploads/a1b2c3.mp4"),
    )
    expires_at: datetime = Field(description="Until when `upload_url` accepts bytes: an hour from now.")


class AssetKind(DescribedEnum):
    """What a media file is."""

    VIDEO = "video", "Moving pictures, with or without sound."
    AUDIO = "audio", "Sound alone."
    IMAGE = "image", "A picture."
    FONT = "font", "A typeface that texts can name by its family."


class AssetStatus(DescribedEnum):
    """How far a media file has come."""

    PENDING = "pending", "Its bytes have not all come yet."
    PROCESSING = "processing", "Received; it is being examined."
    READY = "ready", "It may be used."
    FAILED = "failed", "It cannot be used; `error` says why."


class AssetError(BaseModel):
    """Why an asset cannot be used; `code` is one of the job error codes."""

    code: str
    message: str


class AssetOut(BaseModel):
    """A media file of the workspace."""

    model_config = ConfigDict(from_attributes=True)

    id: str = Field(description="Begins with `asset_`.", json_schema_extra=example(_EXAMPLE_ID))
    source_url: str = Field(description="Its address for renders and tasks of this workspace; it never changes.")
    kind: AssetKind
    status: AssetStatus
    content_type: str = Field(json_schema_extra=example("video/mp4"))
    filename: str | None = Field(description="The file's own name, where its sender told it.")
    size_bytes: int | None = Field(description="Null until it has been received.")
    duration: float | None = Field(description="Seconds; null for what has none, and until it is known.")
    width: int | None = Field(description="Pixels as shown; null for what has none, and until it is known.")
    height: int | None = Field(description="Pixels as shown; null for what has none, and until it is known.")
    error: AssetError | None = Field(description="Why it failed.")
    created_at: datetime

    @classmethod
    def of(cls, asset: Asset) -> "AssetOut":
        values = {name: getattr(asset, name) for name in cls.model_fields if name not in ("source_url", "filename")}
        return cls(**values, source_url=get_links().stable(asset.key), filename=asset.filename or None)
