"""Answers that anybody may keep: with an ETag, compressed once, and in ranges where players ask for them."""

import gzip
import hashlib
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from apps.docs.files import File
from apps.uploads.ranges import Unsatisfiable, span_of

HTML: Final = "text/html; charset=utf-8"
MARKDOWN: Final = "text/markdown; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
JSON: Final = "application/json"
XML: Final = "application/xml; charset=utf-8"
# Asked for again each time, and mostly answered by 304: a new version is there at once.
_ASK_AGAIN: Final = "public, no-cache"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_WORTH_COMPRESSING_BYTES: Final = 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What is sent, made once: as it is, and compressed ("" where that is not worth it)."""

    content_type: str
    plain: bytes
    compressed: bytes
    digest: str


def body(content_type: str, text: str) -> Body:
    """Of a text."""
    plain = text.encode("utf-8")
    # Without the time in it, the same text is the same bytes in every process.
    compressed = gzip.compress(plain, 6, mtime=0) if len(plain) >= _WORTH_COMPRESSING_BYTES else b""
    return Body(content_type, plain, compressed, hashlib.sha256(plain).hexdigest()[:24])


def send(request: HttpRequest, body: Body, *, vary: tuple[str, ...] = ()) -> HttpResponseBase:
    """The body, or 304 for somebody who has it."""
    is_compressed = bool(body.compressed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(body.compressed if is_compressed else body.plain, content_type=body.content_type)
    if is_compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _ASK_AGAIN
    response.headers["ETag"] = f'"{body.digest}{"-gzip" if is_compressed else ""}"'
    patch_vary_headers(response, ["Accept-Encoding", *vary])
    return _unless_known(request, response)


def send_file(request: HttpRequest, file: File) -> HttpResponseBase:
    """A file, or the range of it that was asked for (RFC 9110, section 14)."""
    digest = file.digest
    headers = {
        "ETag": f'"{digest}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": _FOR_EVER if request.GET.get("v") == digest else _ASK_AGAIN,
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    data = file.path.read_bytes()
    is_same = request.headers.get("If-Range", headers["ETag"]) == headers["ETag"]
    wanted = request.headers.get("Range") if is_same and request.method == "GET" else None
    try:
        span = span_of(wanted, len(data))
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{len(data)}"})
    response = HttpResponse(data[span.start : span.start + span.length], file.content_type, headers=headers)
    if span.partial:
        response.status_code = 206
        response.headers["Content-Range"] = span.content_range
    return _unless_known(request, response)


def _unless_known(request: HttpRequest, response: HttpResponse) -> HttpResponseBase:
    known = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    return response if known is None else known
