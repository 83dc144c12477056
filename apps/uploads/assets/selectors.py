"""Reads of a workspace's assets, for their list."""

from django.db.models import Q, QuerySet

from apps.uploads.models import Asset, Status
from apps.workspaces.models import Workspace
from framelane.lib import ids

SEARCHED = 5000
"""How many of a workspace's assets are looked through for a name: the newest ones."""


def assets_of(workspace: Workspace, *, kind: str | None = None, status: str | None = None) -> QuerySet[Asset]:
    """The assets of a workspace, filtered by what is given."""
    assets = Asset.objects.filter(workspace=workspace)
    if kind is not None:
        assets = assets.filter(kind=kind)
    if status is not None:
        assets = assets.filter(status=status)
    return assets


def assets_named(workspace: Workspace, text: str) -> QuerySet[Asset]:
    """Those among the newest SEARCHED assets of a workspace whose file name holds `text`, or whose id it is."""
    newest = assets_of(workspace).order_by("-created_at", "-id")[:SEARCHED]
    found = Q(filename__icontains=text) | Q(id=text)
    return assets_of(workspace).filter(found, id__in=newest.values("id"))


def ready_assets() -> QuerySet[Asset]:
    """The usable assets of all workspaces."""
    return Asset.objects.filter(status=Status.READY)


def find_asset(workspace: Workspace, asset_id: str) -> Asset | None:
    """None for what does not exist and for what belongs to somebody else alike."""
    # Not every string may be sent to a database.
    return assets_of(workspace).filter(id=asset_id).first() if ids.is_id(asset_id, "asset") else None
