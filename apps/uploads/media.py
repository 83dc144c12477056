"""`/media/<key>`: gives stored objects out to the bearers of signed links, in ranges.

A `source_url` is such an address without a signature. It names a file and carries no permission, so it can be shown,
logged and passed on; only the jobs of its own workspace get anything for it.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

from apps.uploads.egress import Counted, is_counted
from apps.uploads.ranges import Span, Unsatisfiable, span_of
from framelane.api.errors import ApiError, forbidden, not_found
from framelane.api.handlers import error_response
from framelane.lib import clock
from framelane.lib.signing import BadSignature, Expired
from framelane.lib.storage import InvalidKey, ObjectNotFound, ObjectStat, get_links, get_store
from framelane.lib.storage.keys import validate, workspace_of

METHODS = "GET, HEAD, OPTIONS"


def media(request: HttpRequest, key: str) -> HttpResponseBase:
    """GET and HEAD of an object, with everything that players and browsers expect."""
    try:
        response = _answer(request, key)
    except ApiError as error:
        response = error_response(error)
    # Whoever has the link may read the object, so any page may too: no cookie plays a part in it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Accept-Ranges, Content-Length, Content-Range, ETag"
    return response


def _answer(request: HttpRequest, key: str) -> HttpResponseBase:
    if request.method == "OPTIONS":
        headers = {"Allow": METHODS, "Access-Control-Allow-Methods": METHODS, "Access-Control-Allow-Headers": "Range"}
        return HttpResponse(status=204, headers=headers)
    if request.method not in ("GET", "HEAD"):
        message = f"{request.method} is not possible here; possible are {METHODS}."
        raise ApiError(405, "method_not_allowed", message, headers={"Allow": METHODS})
    filename = _permitted_filename(request, key)
    try:
        facts = get_store().stat(key)
        return _object(request, key, facts, filename)
    except ObjectNotFound:
        raise not_found() from None


def _permitted_filename(request: HttpRequest, key: str) -> str:
    """The filename that the link asks for, "" for none. Raises ApiError 403, or 404 for what cannot be a key."""
    query = request.GET
    filename = query.get("filename", "")
    try:
        validate(key)
        get_links().check(key, query.get("expires", ""), query.get("signature", ""), filename, clock.now())
    except InvalidKey:
        raise not_found() from None
    except Expired:
        raise forbidden("This link has expired. Ask for a new one.") from None
    except BadSignature:
        raise forbidden("This address carries no permission to read the file; a signed link does.") from None
    return filename


def _object(request: HttpRequest, key: str, facts: ObjectStat, filename: str) -> HttpResponseBase:
    headers = _headers(key, facts, filename)
    if _is_unchanged(request, facts):
        return HttpResponseNotModified(headers=headers)
    try:
        span = span_of(_wanted_range(request, facts), facts.size_bytes)
    except Unsatisfiable:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{facts.size_bytes}"})
    headers |= {"Content-Length": str(span.length)}
    if span.partial:
        headers |= {"Content-Range": span.content_range}
    status = 206 if span.partial else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    return _stream(key, span, status, headers)


def _stream(key: str, span: Span, status: int, headers: dict[str, str]) -> StreamingHttpResponse:
    blocks = get_store().read(key, span.start, span.length)
    counted = Counted(blocks, workspace_of(key)) if is_counted(key) else blocks
    return StreamingHttpResponse(counted, status=status, headers=headers)


def _headers(key: str, facts: ObjectStat, filename: str) -> dict[str, str]:
    name = filename or key.rpartition("/")[2]
    return {
        "Content-Type": facts.content_type,
        "Content-Disposition": content_disposition_header(bool(filename), name) or "inline",
        "Accept-Ranges": "bytes",
        "ETag": facts.etag,
        "Last-Modified": http_date(facts.modified_at.timestamp()),
        "Cache-Control": "private, max-age=3600",
        # Whatever a file pretends to be, it never runs as a page of this origin.
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def _is_unchanged(request: HttpRequest, facts: ObjectStat) -> bool:
    tags = request.headers.get("If-None-Match")
    if tags is not None:
        known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        return tags.strip() == "*" or facts.etag in known
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and int(facts.modified_at.timestamp()) <= since


def _wanted_range(request: HttpRequest, facts: ObjectStat) -> str | None:
    """The Range header, unless its condition says that the file has changed. RFC 9110 gives it no meaning for HEAD."""
    condition = request.headers.get("If-Range")
    if request.method == "HEAD":
        return None
    if condition is not None and condition not in (facts.etag, http_date(facts.modified_at.timestamp())):
        return None
    return request.headers.get("Range")
