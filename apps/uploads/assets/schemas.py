"""Bodies of the asset endpoints."""

from pydantic import Field

from apps.uploads.schemas import AssetKind, AssetOut, AssetStatus
from framelane.api.pagination import Page, PageQuery


class AssetListQuery(PageQuery):
    kind: AssetKind | None = Field(None, description="Only assets of this kind.")
    status: AssetStatus | None = Field(None, description="Only assets with this status.")


class AssetPage(Page[AssetOut]):
    """One page of a list of assets."""
