"""The assets that can be the source of a task, to choose from."""

from typing import Final

from django.db.models import Q, QuerySet

from apps.console.assets.cards import Card, cards_of
from apps.console.assets.forms import FilterForm
from apps.console.task_kinds import Task
from apps.console.visitor import Page
from apps.uploads.assets.selectors import assets_named, assets_of, find_asset
from apps.uploads.models import Asset, Status
from framelane.lib import clock

OFFERED: Final = 12


def offered(request: Page, task: Task, chosen: str = "") -> list[Card]:
    """The newest suitable assets that `?q=` finds, and before them the one with the id `chosen`."""
    workspace = request.visitor.workspace
    form = FilterForm({"q": request.GET.get("q", "")})
    text = form.cleaned_data["q"] if form.is_valid() else ""
    found = assets_named(workspace, text) if text else assets_of(workspace)
    newest = list(_usable(found, task).order_by("-created_at", "-id")[:OFFERED])
    first = find_asset(workspace, chosen)
    if first is not None and first.kind in task.takes:
        newest = [first, *(asset for asset in newest if asset.id != chosen)][:OFFERED]
    return cards_of(workspace, newest)


def _usable(assets: QuerySet[Asset], task: Task) -> QuerySet[Asset]:
    """Jobs wait for what is still on its way."""
    coming = Q(status=Status.PENDING, expires_at__gt=clock.now())
    return assets.filter(coming | Q(status__in=(Status.READY, Status.PROCESSING)), kind__in=task.takes)
