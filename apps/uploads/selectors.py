"""What the URLs of a workspace's files lead to."""

from collections.abc import Collection, Iterable

from apps.uploads.models import Asset, Import, Kind, Status
from apps.workspaces.models import Workspace
from framelane.lib.storage import get_links
from framelane.lib.storage.keys import workspace_of
from gpu_tasks.timeline.font_names import normal


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
    """The workspace's asset that `url` names. None for a foreign URL and for anything of another workspace.

    An import's `source_url` names the asset that it has become, whatever that is called itself.
    """
    return assets_at(workspace, [url]).get(url)


def assets_at(workspace: Workspace, urls: Iterable[str]) -> dict[str, Asset]:
    """The workspace's assets that some URLs name, by URL, in one query or two."""
    keys = {url: key for url in urls if (key := key_of_source(workspace, url)) is not None}
    if not keys:
        return {}
    found = {asset.key: asset for asset in Asset.objects.filter(workspace=workspace, key__in=set(keys.values()))}
    if unknown := set(keys.values()) - found.keys():
        imports = Import.objects.filter(workspace=workspace, key__in=unknown, asset__isnull=False)
        found |= {each.key: each.asset for each in imports.select_related("asset") if each.asset is not None}
    return {url: found[key] for url, key in keys.items() if key in found}


def font_urls(workspace: Workspace, families: Collection[str]) -> list[str]:
    """The source URLs of the workspace's fonts of some families (their normal names), the oldest first."""
    if not families:
        return []
    ready = Asset.objects.filter(workspace=workspace, kind=Kind.FONT, status=Status.READY).order_by("created_at", "id")
    wanted = (asset for asset in ready if normal((asset.info or {}).get("font_family", "")) in families)
    return [get_links().stable(asset.key) for asset in wanted]
