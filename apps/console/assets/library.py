"""The list of assets, with the ways to bring in more."""

from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse

from apps.console.assets.cards import Card, cards_of
from apps.console.assets.forms import FilterForm, ImportForm
from apps.console.lists import window
from apps.console.pages import page, show
from apps.console.visitor import Page
from apps.uploads.assets.selectors import SEARCHED, assets_named, assets_of
from apps.uploads.imports.selectors import imports_of
from apps.uploads.media_types import kinds_by_type
from apps.uploads.models import Asset, Import, ImportStatus
from framelane.lib import ids
from framelane.lib.net import shown
from framelane.lib.storage.content_types import EXTENSIONS

PAGE_SIZE: Final = 24
MAX_FORM_BYTES: Final = 100 * 1024**2
"""Of a file, or several, that come with a form at once; whatever is larger wants the script, which can go on later."""
LOOKED_AT: Final = 20
"""The newest imports: those that still fetch are among them, but for whoever imports a great many at a time."""


@page("uploads:read")
def library(request: Page) -> HttpResponse:
    """A page of the list."""
    return show_library(request)


@page("uploads:read")
def live(request: Page) -> HttpResponse:
    """What has changed of the assets `?ids=` and the imports `?imports=`, which a page says are on their way."""
    asked = [asset_id for asset_id in _listed(request, "ids") if ids.is_id(asset_id, "asset")]
    workspace = request.visitor.workspace
    cards = cards_of(workspace, assets_of(workspace).filter(id__in=asked)) if asked else []
    fetching = _fetching(request)
    response = show(request, "console/assets/parts/live.html", _state(cards, fetching) | {"cards": cards})
    if set(_listed(request, "imports")) - {row["id"] for row in fetching}:
        response.headers["HX-Trigger"] = "uploaded"
    return response


def show_library(
    request: Page, *, status: int = 200, import_form: ImportForm | None = None, file_error: str = ""
) -> HttpResponse:
    """The page, with what was wrong in one of its forms."""
    form = FilterForm(request.GET)
    listed = window(request, _wanted(request, form), PAGE_SIZE)
    cards = cards_of(request.visitor.workspace, listed.rows)
    facts: dict[str, Any] = {
        "filters": form,
        "list": listed,
        "cards": cards,
        "is_filtered": any(form.data.get(name) for name in form.fields),
        "searched": SEARCHED,
        "import_form": import_form or ImportForm(),
        "file_error": file_error,
        "upload": upload_facts(request),
    }
    return show(request, "console/assets/library.html", facts | _state(cards, _fetching(request)), status=status)


def upload_facts(request: Page, kinds: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the uploader needs; with `kinds`, files of those alone are offered to choose from."""
    types = [each for each, kind in kinds_by_type().items() if not kinds or kind in kinds]
    extensions = [f".{extension}" for each in types for extension in EXTENSIONS[each]]
    return {
        "accept": ",".join(dict.fromkeys([*types, *extensions])),
        "max_bytes": settings.FRAMELANE_SOURCE_MAX_BYTES,
        "max_form_bytes": MAX_FORM_BYTES,
        "workspace_id": request.visitor.workspace.id,
    }


def _wanted(request: Page, form: FilterForm) -> QuerySet[Asset]:
    """What the filters ask for; those that make no sense count for nothing, and the form says so."""
    form.is_valid()
    chosen, workspace = form.cleaned_data, request.visitor.workspace
    found = assets_named(workspace, chosen["q"]) if chosen.get("q") else assets_of(workspace)
    kept = {name: chosen[name] for name in ("kind", "status") if chosen.get(name)}
    return found.filter(**kept)


def _state(cards: list[Card], fetching: list[dict[str, str]]) -> dict[str, Any]:
    """What is still on its way."""
    return {
        "live_ids": ",".join(card.asset.id for card in cards if card.is_live),
        "fetching": fetching,
        "fetching_ids": ",".join(row["id"] for row in fetching),
    }


def _fetching(request: Page) -> list[dict[str, str]]:
    newest: list[Import] = list(imports_of(request.visitor.workspace).order_by("-created_at", "-id")[:LOOKED_AT])
    return [
        {"id": row.id, "name": row.filename or shown(row.url)} for row in newest if row.status == ImportStatus.FETCHING
    ]


def _listed(request: Page, name: str) -> list[str]:
    return [part for part in request.GET.get(name, "")[:4000].split(",") if part][: 2 * PAGE_SIZE]
