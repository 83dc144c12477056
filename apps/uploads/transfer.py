"""`/uploads/<token>`: takes an upload's bytes when the store is a folder.

The answers are those of Google Cloud Storage: `308` with `Range: bytes=0-N` while bytes are missing (no `Range` while
there are none), `200` with the asset once all have come, and the same for every PUT after that. Two things differ: a
chunk must begin exactly where the last one ended, and `DELETE`, which cancels, answers `204`.
"""

import logging
from collections.abc import Iterator
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from apps.uploads import services
from apps.uploads.models import Asset, Status
from apps.uploads.protocol import Chunk, Query, too_large, understand
from apps.uploads.schemas import AssetOut
from framelane.api.errors import ApiError, forbidden, gone, invalid_request, not_found, unavailable
from framelane.api.handlers import error_response
from framelane.lib import clock
from framelane.lib.signing import BadSignature, Expired, Signer
from framelane.lib.storage import OffsetMismatch, SessionGone, StorageError, get_store

log = logging.getLogger(__name__)

BLOCK_BYTES = 64 * 1024
"""How much is read before it is stored: what a connection that breaks hard can cost."""

METHODS = "PUT, POST, DELETE, OPTIONS"


class Body(Protocol):
    """The bytes of a request."""

    def read(self, size: int, /) -> bytes: ...


def upload_url(asset: Asset) -> str:
    """Where the asset's bytes are to be sent."""
    if get_store().accepts_uploads_itself:
        return asset.handle
    return f"{settings.FRAMELANE_PUBLIC_URL}/uploads/{_signer().token(asset.id, asset.expires_at)}"


@csrf_exempt
def upload(request: HttpRequest, token: str) -> HttpResponse:
    """Every method of an upload URL. The token is the permission; keys and cookies play no part."""
    try:
        asset, expired = _asset_of(token)
    except ApiError as error:
        return error_response(error)
    try:
        if expired:
            raise gone("This upload URL has expired. Ask for a new one.")
        response = _answer(request, asset)
    except ApiError as error:
        response = error_response(error)
    except Asset.DoesNotExist:
        response = error_response(_unknown())
    except StorageError:
        log.exception("the store failed during the upload of %s", asset.id)
        response = error_response(unavailable("The store is not available right now. Ask for the offset and go on."))
    return _with_cors(response, request, asset)


def _signer() -> Signer:
    return Signer.for_purpose("upload", settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS)


def _asset_of(token: str) -> tuple[Asset, bool]:
    """The asset of an upload URL, and whether the URL has expired."""
    expired = False
    try:
        asset_id = _signer().read_token(token, clock.now())
    except Expired as error:
        asset_id, expired = error.payload, True
    except BadSignature:
        raise forbidden("This is not an upload URL of this installation.") from None
    asset = Asset.objects.filter(id=asset_id, workspace__erasure_requested_at=None).first()
    if asset is None:
        raise _unknown()
    return asset, expired


def _unknown() -> ApiError:
    return not_found("There is no such upload.")


def _answer(request: HttpRequest, asset: Asset) -> HttpResponse:
    match request.method:
        case "PUT" | "POST":
            return _receive(request, asset)
        case "DELETE":
            return _cancel(asset)
        case "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": METHODS})
    message = f"{request.method} is not possible here; possible are {METHODS}."
    raise ApiError(405, "method_not_allowed", message, headers={"Allow": METHODS})


def _cancel(asset: Asset) -> HttpResponse:
    if asset.received_at:
        raise ApiError(409, "conflict", "The upload is complete and can no longer be cancelled.")
    services.cancel(asset=asset)
    return HttpResponse(status=204)


def _receive(request: HttpRequest, asset: Asset) -> HttpResponse:
    if asset.received_at:
        return _complete(asset)
    if asset.status == Status.FAILED:
        raise _given_up()
    wanted = understand(
        request.headers.get("Content-Range"), _content_length(request), settings.FRAMELANE_SOURCE_MAX_BYTES
    )
    try:
        return _proceed(request, asset, wanted)
    except OffsetMismatch as error:
        return _incomplete(error.held_bytes)
    except SessionGone:
        return _after_session(asset)


def _content_length(request: HttpRequest) -> int | None:
    """None for a chunked body. Raises ApiError 411 where the server cannot tell where such a body ends."""
    if "HTTP_TRANSFER_ENCODING" not in request.META:
        # The server refuses a length that is not a number; none at all means no body.
        return int(request.META.get("CONTENT_LENGTH") or 0)
    if request.META.get("wsgi.input_terminated"):
        return None
    raise ApiError(411, "invalid_request", "Send the body with a Content-Length.")


def _proceed(request: HttpRequest, asset: Asset, wanted: Query | Chunk) -> HttpResponse:
    """Raises OffsetMismatch, SessionGone."""
    held = get_store().upload_offset(asset.upload_session)
    if isinstance(wanted, Chunk) and wanted.start != held:
        raise OffsetMismatch(wanted.start, held)
    if wanted.total_bytes is not None:
        _hold_to_total(asset, wanted.total_bytes, held)
    if isinstance(wanted, Chunk):
        held = _append(request, asset, wanted)
    return _finish_or_continue(asset, held)


def _hold_to_total(asset: Asset, total: int, held: int) -> None:
    """Remember the size that the sender announces. Raises ApiError 400 when it cannot be, or differs from before."""
    if total == 0:
        raise invalid_request("The file is empty; send at least one byte.")
    if total < held:
        raise invalid_request(f"The file was announced with {total} bytes, but {held} have come already.")
    Asset.objects.filter(id=asset.id, total_bytes__isnull=True).update(total_bytes=total)
    asset.refresh_from_db(fields=["total_bytes"])
    if asset.total_bytes != total:
        raise invalid_request(f"The file was announced with {asset.total_bytes} bytes, now with {total}.")


def _append(request: HttpRequest, asset: Asset, chunk: Chunk) -> int:
    """Store the body as it comes; how many bytes are there then."""
    blocks = _Blocks(_body(request), _limit_bytes(asset, chunk), ends_itself=chunk.size_bytes is None)
    held = get_store().append(asset.upload_session, chunk.start, blocks, asset.total_bytes)
    if chunk.is_whole and chunk.size_bytes is None and not blocks.broke:
        _hold_to_total(asset, held, held)
    return held


def _limit_bytes(asset: Asset, chunk: Chunk) -> int:
    """How many bytes the body may have. Raises ApiError 400 for a chunk that ends beyond the announced total."""
    total = asset.total_bytes or settings.FRAMELANE_SOURCE_MAX_BYTES
    if chunk.size_bytes is None:
        return int(total - chunk.start)
    if chunk.start + chunk.size_bytes > total:
        raise invalid_request(f"The chunk ends beyond the {total} bytes that the file was announced with.")
    return chunk.size_bytes


def _body(request: HttpRequest) -> Body:
    # Django takes a body without a length for an empty one; the server's own stream knows where it ends.
    stream: Body = request.META["wsgi.input"] if "HTTP_TRANSFER_ENCODING" in request.META else request
    return stream


class _Blocks:
    """A body, block by block, of at most `limit_bytes`.

    It ends early, and `broke` says so, when the connection breaks: what came before is good. One that `ends_itself` and
    goes on beyond the limit raises ApiError 413.
    """

    def __init__(self, body: Body, limit_bytes: int, ends_itself: bool) -> None:
        self.broke = False
        self._body = body
        self._limit_bytes = limit_bytes
        self._ends_itself = ends_itself

    def __iter__(self) -> Iterator[bytes]:
        left = self._limit_bytes
        while left and (block := self._read(min(BLOCK_BYTES, left))):
            left -= len(block)
            yield block
        if self._ends_itself and not left and self._read(1):
            raise too_large(self._limit_bytes)

    def _read(self, size: int) -> bytes:
        try:
            return self._body.read(size)
        except OSError:
            self.broke = True
            return b""


def _finish_or_continue(asset: Asset, held: int) -> HttpResponse:
    total = asset.total_bytes
    if total is None or held < total:
        return _incomplete(held)
    get_store().finish_upload(asset.upload_session, total)
    return _complete(services.arrive(asset=asset))


def _after_session(asset: Asset) -> HttpResponse:
    """Another request has finished or cancelled the upload, or died between storing the file and writing that down."""
    asset.refresh_from_db()
    if asset.received_at:
        return _complete(asset)
    if get_store().exists(asset.key):
        return _complete(services.arrive(asset=asset))
    raise _given_up()


def _given_up() -> ApiError:
    return gone("This upload was given up. Ask for a new URL.")


def _complete(asset: Asset) -> HttpResponse:
    if asset.received_at is None:
        raise _given_up()
    return JsonResponse(AssetOut.of(asset).model_dump(mode="json"))


def _incomplete(held: int) -> HttpResponse:
    return HttpResponse(status=308, headers={"Range": f"bytes=0-{held - 1}"} if held else {})


def _with_cors(response: HttpResponse, request: HttpRequest, asset: Asset) -> HttpResponse:
    """Let the page read the answer if it comes from the origin that asked for the upload."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Origin"
    if asset.origin and request.headers.get("Origin") == asset.origin:
        response.headers["Access-Control-Allow-Origin"] = asset.origin
        response.headers["Access-Control-Expose-Headers"] = "Range, X-Request-Id"
        response.headers["Access-Control-Allow-Methods"] = METHODS
        response.headers["Access-Control-Allow-Headers"] = "Content-Type, Content-Range"
        response.headers["Access-Control-Max-Age"] = "3600"
    return response
