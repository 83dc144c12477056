"""What httpx's requests, answers and exceptions are to us."""

from __future__ import annotations

from typing import Any

import httpx

from framelane._wire import Broken, Request

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def arguments(request: Request) -> dict[str, Any]:
    """What to give httpx to build a request."""
    return {
        "method": request.method,
        "url": request.url,
        "params": dict(request.params) or None,
        "headers": dict(request.headers),
        "content": request.content,
        "timeout": httpx.Timeout(request.timeout_s, connect=min(request.timeout_s, 30.0)),
    }


def broken_by(error: httpx.TransportError, request: Request) -> Broken:
    """Why no answer came. The address is shown without its query, which may hold a signature."""
    told = f"{request.method} {request.url.partition('?')[0]}: {error or type(error).__name__}"
    timed_out = isinstance(error, httpx.TimeoutException)
    if timed_out:
        told = f"{told} (no answer within {request.timeout_s:g} s)"
    return Broken(told, sent=not isinstance(error, _NEVER_SENT), timed_out=timed_out)
