"""Uploads: opened for the script, which sends the bytes itself, or whole files that come with a form."""

from collections.abc import Iterable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from pydantic import Field

from apps.billing.quota import require_writable
from apps.console.assets.library import MAX_FORM_BYTES, show_library
from apps.console.pages import Refused, View, page
from apps.console.rules import count_act, require_verified
from apps.console.visitor import Page
from apps.uploads import services
from apps.uploads.api import MAX_ORIGIN_LENGTH
from apps.uploads.assets.selectors import find_asset
from apps.uploads.media_types import kinds_by_type
from apps.uploads.models import Asset
from apps.uploads.protocol import too_large
from apps.uploads.receiving import receive_file
from apps.uploads.schemas import AssetOut, UploadRequest
from apps.uploads.transfer import upload_url
from framelane.api import parsing
from framelane.api.errors import ApiError, forbidden, invalid_request, not_found
from framelane.api.handlers import error_response
from framelane.api.views import validated
from framelane.lib.storage.content_types import EXTENSIONS, content_type_of

MAX_START_BYTES = 64 * 1024
MAX_FORM_FILES = 20
_MULTIPART_SPARE_BYTES = 1024**2


class UploadStart(UploadRequest):
    """What the script says of a file that it is going to send."""

    size_bytes: int = Field(ge=1)


def _for_scripts(view: View[...]) -> View[...]:
    """Answers a script: refusals too are JSON, in the envelope of the API."""

    @wraps(view)
    def answer(request: Page, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ApiError as error:
            return error_response(error)
        except Refused as refusal:
            return error_response(ApiError(refusal.status, forbidden("").code, refusal.message))

    return answer


@page("uploads:write", "POST")
@_for_scripts
def start(request: Page) -> HttpResponse:
    """Open an upload as `POST /v1/uploads` does, with the same refusals; the origin of the page may send the bytes."""
    _require_may_upload(request)
    wanted = validated(UploadStart, _json(request))
    if wanted.size_bytes > settings.FRAMELANE_SOURCE_MAX_BYTES:
        raise too_large(settings.FRAMELANE_SOURCE_MAX_BYTES)
    wanted.content_type = type_of(wanted.filename, wanted.content_type)
    origin = request.headers.get("Origin", "")[:MAX_ORIGIN_LENGTH]
    asset = services.create_upload(workspace=request.visitor.workspace, request=wanted, origin=origin)
    opened = {"upload_url": upload_url(asset), "expires_at": asset.expires_at.isoformat()}
    return JsonResponse(_told(asset) | opened, status=201)


@page("uploads:read")
@_for_scripts
def status(request: Page, asset_id: str) -> HttpResponse:
    """How far an asset has come, for the script that has sent it."""
    asset = find_asset(request.visitor.workspace, asset_id)
    if asset is None:
        raise not_found("There is no such asset in this workspace.")
    return JsonResponse(_told(asset))


@csrf_exempt
@page("uploads:write", "POST")
def send_form(request: Page) -> HttpResponse:
    """Whole files out of a form, for browsers without the script.

    The token against forgery stands in the body. Who may send one, and how large it is, is settled before that is read.
    """
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FORM_BYTES + _MULTIPART_SPARE_BYTES:
        raise Refused(413, f"At most {filesizeformat(MAX_FORM_BYTES)} can be sent with a form at once. {_LARGER}")
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _receive_form(request)


_LARGER = "Larger files can be uploaded with JavaScript switched on, through the API, or imported from an address."


@csrf_protect
def _receive_form(request: Page) -> HttpResponse:
    _require_may_upload(request)
    files = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
    if not 0 < len(files) <= MAX_FORM_FILES:
        return show_library(request, status=422, file_error=f"Choose 1 to {MAX_FORM_FILES} files.")
    try:
        stored = [_store(request, file) for file in files]
    except ApiError as refusal:
        return show_library(request, status=refusal.status, file_error=refusal.message)
    messages.success(request, _received(stored))
    return redirect("console:assets")


def _store(request: Page, file: "UploadedFile[Any]") -> Asset:
    """Raises ApiError."""
    name, size_bytes = file.name or "", file.size or 0
    if size_bytes == 0:
        raise invalid_request(f"{name} is empty.")
    wanted = UploadRequest(content_type=type_of(name, file.content_type or ""), filename=name)
    blocks: Iterable[bytes] = file.chunks()
    return receive_file(workspace=request.visitor.workspace, request=wanted, blocks=blocks, size_bytes=size_bytes)


def _received(stored: list[Asset]) -> str:
    names = ", ".join(asset.filename for asset in stored)
    return f"Received {names}. What is in it is being examined."


def type_of(filename: str | None, claimed: str) -> str:
    """The MIME type of a file: what its extension stands for, else what the browser says.

    Browsers know few extensions, and call some types by names of their own. Raises ApiError 422 for what is neither.
    """
    likely = (content_type_of(filename or ""), claimed.partition(";")[0].strip().lower())
    for content_type in likely:
        if content_type in kinds_by_type():
            return content_type
    accepted = ", ".join(dict.fromkeys(extension for each in kinds_by_type() for extension in EXTENSIONS[each]))
    message = f"Files like “{(filename or '')[-60:]}” are not accepted; accepted are {accepted}."
    raise ApiError(422, "unsupported_content_type", message)


def _require_may_upload(request: Page) -> None:
    """Raises Refused, ApiError."""
    require_verified(request)
    count_act(request)
    require_writable(request.visitor.workspace)


def _json(request: Page) -> Any:
    """Raises ApiError 400, 413."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_START_BYTES:
        raise ApiError(413, "payload_too_large", f"At most {MAX_START_BYTES} bytes are accepted.")
    return parsing.loads(request.body)


def _told(asset: Asset) -> dict[str, Any]:
    """What the script is told of an asset."""
    known = AssetOut.of(asset).model_dump(mode="json")
    return {
        **{name: known[name] for name in ("id", "status", "kind", "filename", "source_url", "error")},
        "status_url": reverse("console:asset-status", args=[asset.id]),
        "page_url": reverse("console:asset", args=[asset.id]),
    }
