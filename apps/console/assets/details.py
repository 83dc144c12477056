"""One asset: looked at, downloaded, deleted."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django_htmx.http import HttpResponseClientRefresh

from apps.console.assets.cards import Card, cards_of
from apps.console.assets.facts import facts_of, player_of, snippet_of
from apps.console.pages import Refused, page, show
from apps.console.rules import count_act, require_verified
from apps.console.task_kinds import tasks_for
from apps.console.visitor import Page
from apps.uploads.assets import services
from apps.uploads.assets.selectors import find_asset
from apps.uploads.egress import note_redirect
from apps.uploads.models import Asset, Status
from framelane.lib.storage import StorageError, get_store


@page("uploads:read")
def details(request: Page, asset_id: str) -> HttpResponse:
    """Everything about an asset."""
    return _show(request, find(request, asset_id))


@page("uploads:read")
def live(request: Page, asset_id: str) -> HttpResponse:
    """How far it has come; the whole page is drawn anew once there is something to see."""
    card = cards_of(request.visitor.workspace, [find(request, asset_id)])[0]
    if not card.is_live or card.asset.status == Status.READY:
        return HttpResponseClientRefresh()
    return show(request, "console/assets/parts/state.html", {"card": card})


@page("uploads:read")
def download(request: Page, asset_id: str) -> HttpResponse:
    """Go to a signed address under which browsers save the file by its name."""
    asset = find(request, asset_id)
    if not has_file(asset):
        raise Refused(409, "There is no file to download: it has not come, or could not be used.")
    note_redirect(workspace_id=asset.workspace_id, size_bytes=asset.size_bytes)
    return HttpResponseRedirect(_signed(asset, filename=asset.filename or asset.key.rpartition("/")[2]))


@page("uploads:write", "POST")
def delete(request: Page, asset_id: str) -> HttpResponse:
    """Delete it for good, unless a job still reads it."""
    require_verified(request)
    count_act(request)
    asset = find(request, asset_id)
    try:
        services.delete_asset(asset=asset)
    except services.InUse as reason:
        return _show(request, asset, status=409, needed_by=reason.job_id)
    except StorageError:
        raise Refused(503, "The store is not available right now. Try again in a few seconds.") from None
    messages.success(request, f"Deleted {asset.filename or asset.id}.")
    return redirect("console:assets")


def find(request: Page, asset_id: str) -> Asset:
    """An asset of the visitor's workspace. Raises Refused 404."""
    asset = find_asset(request.visitor.workspace, asset_id)
    if asset is None:
        raise Refused(404, "There is no such asset in this workspace.")
    return asset


def has_file(asset: Asset) -> bool:
    """Whether the store holds something that may be shown."""
    has_come = asset.received_at is not None and asset.status != Status.FAILED
    # What was imported never was an upload.
    return has_come or asset.status == Status.READY


def _show(request: Page, asset: Asset, *, status: int = 200, needed_by: str = "") -> HttpResponse:
    card = cards_of(request.visitor.workspace, [asset])[0]
    facts: dict[str, Any] = {
        "card": card,
        "facts": facts_of(asset),
        "snippet": snippet_of(asset),
        "tasks": tasks_for(asset.kind),
        "needed_by": needed_by,
        **_media(card),
    }
    return show(request, "console/assets/asset.html", facts, status=status)


def _media(card: Card) -> dict[str, str | bool]:
    """How to show it, and from where."""
    if not has_file(card.asset):
        return {"player": "", "file_url": "", "has_file": False}
    return {"player": player_of(card.asset), "file_url": _signed(card.asset), "has_file": True}


def _signed(asset: Asset, filename: str | None = None) -> str:
    return get_store().signed_url(asset.key, settings.FRAMELANE_MEDIA_URL_LIFETIME_S, filename)
