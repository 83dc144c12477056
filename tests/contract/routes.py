"""Every address that the URL configuration knows."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def leaf_patterns() -> list[tuple[str, URLPattern]]:
    """Each route with its pattern, the administration left out: it is Django's and has its own sign-in."""
    found = _leaves(get_resolver(), "")
    return [(route, pattern) for route, pattern in found if not route.startswith("admin/")]


def _leaves(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for child in resolver.url_patterns:
        route = prefix + str(child.pattern)
        if isinstance(child, URLResolver):
            yield from _leaves(child, route)
        else:
            yield route, child


def openapi_path(leaf: tuple[str, URLPattern]) -> str:
    """A route in the notation of OpenAPI: `/v1/renders/{render_id}`."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", leaf[0])


def methods(pattern: URLPattern) -> list[str]:
    """The methods of a route, upper case, HEAD being part of GET. Routes that are no viewsets count as GET."""
    actions = getattr(pattern.callback, "actions", None) or {"get": ""}
    return sorted(method.upper() for method in actions if method != "head")
