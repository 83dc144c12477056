"""Middleware for every answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from framelane.api.errors import not_found
from framelane.api.handlers import error_response

GetResponse = Callable[[HttpRequest], HttpResponse]


class ResponseHeadersMiddleware:
    """Answers of the API are nobody's to cache unless a view says otherwise, and HEAD has no body."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path_info.startswith("/v1/"):
            response.headers.setdefault("Cache-Control", "no-store")
        if request.method == "HEAD" and not response.streaming:
            # Its headers, Content-Length among them, stay those of the GET.
            response.content = b""
        return response


class CleanPathMiddleware:
    """Nothing has a control character in its name; PostgreSQL would even refuse to look for a NUL."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if any(ord(character) < 32 for character in request.path_info):
            return error_response(not_found(), request)
        return self.get_response(request)
