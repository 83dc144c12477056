"""What a request asked for, in words of which there are only so many: paths hold ids and secrets."""

import re

from django.http import HttpRequest

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


def method_of(request: HttpRequest) -> str:
    """The method; `OTHER` for what no standard knows."""
    return request.method if request.method in METHODS else "OTHER"


def route_of(request: HttpRequest) -> str:
    """The address in the notation of OpenAPI, `/v1/renders/{render_id}`; `unmatched` where there is none.

    It is known once a view was found, so ask for it after the answer.
    """
    if request.resolver_match is not None:
        return "/" + _PARAMETER.sub(r"{\1}", request.resolver_match.route)
    return "/static/{path}" if request.path_info.startswith("/static/") else "unmatched"
