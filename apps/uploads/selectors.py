"""Reads of a workspace's assets."""

from apps.uploads.models import Asset
from apps.workspaces.models import Workspace
from framelane.lib.storage import get_links
from framelane.lib.storage.keys import workspace_of


def is_own_url(url: str) -> bool:
    """Whether `url` is an address of this installation's store, whoever it belongs to."""
    return get_links().key_of(url) is not None


def key_of_source(workspace: Workspace, url: str) -> str | None:
    """The storage key that an own URL, signed or not, names in this workspace. None for any other URL.

    A key may also be an output of the workspace's own jobs, which has no asset.
    """
    key = get_links().key_of(url)
    return key if key is not None and workspace_of(key) == workspace.id else None


def resolve_source(workspace: Workspace, url: str) -> Asset | None:
    """The workspace's asset that `url` names. None for a foreign URL and for anything of another workspace."""
    key = key_of_source(workspace, url)
    return Asset.objects.filter(workspace=workspace, key=key).first() if key else None
