"""Asking Flower on behalf of the staff."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

import httpx
from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse

from apps.operations.flower.credentials import USER, password
from apps.operations.flower.policy import POLICY

PREFIX: Final = "/flower/"
MAX_BODY_BYTES: Final = 64 * 1024
# Looking at workers waits for their answers.
_TIMEOUT: Final = httpx.Timeout(30, connect=3)
_PASSED_ON: Final = ("Accept", "Content-Type", "X-Requested-With", "If-None-Match", "If-Modified-Since")
# Neither its cookies, which it needs none of, nor what would speak for our own pages.
_RETURNED: Final = ("Content-Type", "Content-Length", "Cache-Control", "ETag", "Last-Modified", "Expires", "Vary")


class FlowerAway(Exception):
    """Nobody listens there, or not the one whom we know."""


def ask(request: HttpRequest, path: str) -> StreamingHttpResponse:
    """Flower's answer, passed on as it comes. `path` is what comes after /flower/. Raises FlowerAway."""
    client = httpx.Client(trust_env=False, timeout=_TIMEOUT, auth=(USER, password()), follow_redirects=False)
    try:
        answer = client.send(_question(client, request, path), stream=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        client.close()
        raise FlowerAway(f"{type(error).__name__}") from error
    if answer.status_code == 401:
        answer.close()
        client.close()
        raise FlowerAway("it was started with another secret")
    return _passed_on(client, answer)


def is_plain(path: str) -> bool:
    """Whether every part of a path means itself: `..` would leave what the path says."""
    return not any(part in (".", "..") for part in path.split("/")) and "\\" not in path


def _question(client: httpx.Client, request: HttpRequest, path: str) -> httpx.Request:
    query = request.META.get("QUERY_STRING", "")
    url = f"{settings.FRAMELANE_FLOWER_URL}{PREFIX}{quote(path, safe='/@:,~-._')}{'?' + query if query else ''}"
    # WSGI hands headers on as Latin-1, whatever they are (PEP 3333).
    passed_on = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
    headers = httpx.Headers({**passed_on, "Accept-Encoding": "identity"}, encoding="latin-1")
    body = request.body if request.method == "POST" else None
    return client.build_request(request.method or "GET", url, headers=headers, content=body)


def _passed_on(client: httpx.Client, answer: httpx.Response) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_Blocks(client, answer), status=answer.status_code)
    # Django's own guess would stand where Flower says nothing.
    del response.headers["Content-Type"]
    for name in _RETURNED:
        if name in answer.headers:
            response.headers[name] = answer.headers[name]
    if answer.headers.get("Location", "").startswith(PREFIX):
        response.headers["Location"] = answer.headers["Location"]
    response.headers["Content-Security-Policy"] = POLICY
    if "text/html" in answer.headers.get("Content-Type", ""):
        response.headers["Cache-Control"] = "no-store"
    return response


class _Blocks:
    """The body as it comes; closing it closes the connection."""

    def __init__(self, client: httpx.Client, answer: httpx.Response) -> None:
        self._client, self._answer = client, answer

    def __iter__(self) -> Iterator[bytes]:
        return self._answer.iter_raw()

    def close(self) -> None:
        self._answer.close()
        self._client.close()
