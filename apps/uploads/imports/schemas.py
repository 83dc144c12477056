"""Bodies of the import endpoints."""

from datetime import datetime

from pydantic import BaseModel, Field

from apps.uploads.models import Import, ImportStatus, Status
from apps.uploads.schemas import AssetError
from framelane.api.pagination import Page
from framelane.api.schema import DescribedEnum, example
from framelane.lib.storage import get_links
from gpu_tasks.timeline.values import Url

_EXAMPLE_URL = "https://www.dropbox.com/scl/fi/a1b2c3/clip.mp4?rlkey=d4e5f6&dl=0"


class ImportRequest(BaseModel):
    url: Url = Field(
        description="A public http or https address of the file, or the share link of one file in Dropbox or Google "
        "Drive that anyone with the link may see.",
        json_schema_extra=example(_EXAMPLE_URL),
    )
    filename: str | None = Field(
        None,
        max_length=255,
        description="What the file is called in lists; else what its server calls it. Its extension chooses that of "
        "`source_url`.",
        json_schema_extra=example("clip.mp4"),
    )


class PublicImportStatus(DescribedEnum):
    PROCESSING = "processing", "The file is being fetched and examined."
    READY = "ready", "The file is an asset of the workspace."
    FAILED = "failed", "The file could not be fetched or cannot be used; `error` says why."


class ImportOut(BaseModel):
    """A file that is, or was, fetched from an address on the web."""

    id: str = Field(description="Begins with `import_`.")
    status: PublicImportStatus
    url: str = Field(description="The address that it comes from.")
    filename: str | None
    source_url: str = Field(
        description="For the `source_url` of renders and tasks of this workspace, at once: a job waits until the file "
        "is there. While the file's type is unknown the extension is a guess, and means nothing."
    )
    asset_id: str | None = Field(
        description="The asset that it has become. An asset that held the same bytes already is used again."
    )
    error: AssetError | None
    created_at: datetime

    @classmethod
    def of(cls, row: Import) -> "ImportOut":
        status = _public_status(row)
        failed = status == PublicImportStatus.FAILED
        cause = row.error or (row.asset.error if row.asset else None)
        return cls(
            id=row.id,
            status=status,
            url=row.url,
            filename=row.filename or (row.asset.filename if row.asset else "") or None,
            source_url=get_links().stable(row.key),
            asset_id=row.asset_id,
            error=AssetError.model_validate(cause) if failed and cause else None,
            created_at=row.created_at,
        )


class ImportPage(Page[ImportOut]):
    """One page of imports, newest first."""


def _public_status(row: Import) -> PublicImportStatus:
    if row.status == ImportStatus.FETCHING:
        return PublicImportStatus.PROCESSING
    # An asset may still fail later, when it was ready on the word of whoever uploaded it.
    is_ready = row.status == ImportStatus.STORED and row.asset is not None and row.asset.status == Status.READY
    return PublicImportStatus.READY if is_ready else PublicImportStatus.FAILED
