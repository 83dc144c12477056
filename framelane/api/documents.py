"""Public JSON documents that change only with the version: cacheable, with an ETag."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control

MAX_AGE_S = 300


def serve(request: HttpRequest, body: bytes) -> HttpResponseBase:
    """`body` as JSON, or 304 when the client has it already."""
    response = HttpResponse(body, content_type="application/json")
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Access-Control-Allow-Origin"] = "*"
    patch_cache_control(response, public=True, max_age=MAX_AGE_S)
    conditional = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if conditional is None else conditional


def encoded(build: Callable[[], Any]) -> bytes:
    """The document as it is sent."""
    return json.dumps(build(), ensure_ascii=False, separators=(",", ":")).encode("utf-8")
