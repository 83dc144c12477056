"""Reads of a workspace's assets, for their list."""

from django.db.models import QuerySet

from apps.uploads.models import Asset
from apps.workspaces.models import Workspace
from framelane.lib import ids


def assets_of(workspace: Workspace, *, kind: str | None = None, status: str | None = None) -> QuerySet[Asset]:
    """The assets of a workspace, filtered by what is given."""
    assets = Asset.objects.filter(workspace=workspace)
    if kind is not None:
        assets = assets.filter(kind=kind)
    if status is not None:
        assets = assets.filter(status=status)
    return assets


def find_asset(workspace: Workspace, asset_id: str) -> Asset | None:
    """None for what does not exist and for what belongs to somebody else alike."""
    # Not every string may be sent to a database.
    return assets_of(workspace).filter(id=asset_id).first() if ids.is_id(asset_id, "asset") else None
