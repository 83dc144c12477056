"""Files that are fetched from the web."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from apps.billing.quota import require_writable
from apps.console.assets.forms import ImportForm
from apps.console.assets.library import show_library
from apps.console.pages import page
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.uploads.imports.lifecycle import create_import
from apps.uploads.imports.schemas import ImportRequest
from framelane.api.errors import ApiError
from framelane.api.views import validated


@page("uploads:write", "POST")
def begin(request: Page) -> HttpResponse:
    """Begin to fetch a file; its address is refused for what the API refuses it for."""
    require_verified(request)
    count_act(request)
    form = ImportForm(request.POST)
    if form.is_valid():
        try:
            _import(request, form)
        except ApiError as refusal:
            _put_beside(form, refusal)
    if form.errors:
        return show_library(request, status=422, import_form=form)
    messages.success(request, "The file is being fetched. It appears here once it has come.")
    return redirect("console:assets")


def _import(request: Page, form: ImportForm) -> None:
    """Raises ApiError."""
    workspace = request.visitor.workspace
    require_writable(workspace)
    wanted = {"url": form.cleaned_data["url"], "filename": form.cleaned_data["filename"] or None}
    create_import(workspace=workspace, request=validated(ImportRequest, wanted))


def _put_beside(form: ImportForm, refusal: ApiError) -> None:
    """Beside the fields, or above them what is about none of them."""
    fields = refusal.details.get("fields") or [{"path": "", "message": refusal.message}]
    for field in fields:
        name = field["path"].removeprefix("/")
        form.add_error(name if name in form.fields else None, field["message"])
