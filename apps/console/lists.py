"""Lists that are read page by page, newest first, with the filters kept in the address."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.console.pages import Refused
from framelane.api.errors import ApiError
from framelane.api.pagination import newest

R = TypeVar("R", bound=Model)

PAGE_SIZE = 25
MAX_CURSOR_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Window(Generic[R]):
    """Some rows of a list. The queries of the links to the newest and to older ones are "" where they lead nowhere."""

    rows: list[R]
    newest_query: str
    older_query: str


def window(request: HttpRequest, rows: QuerySet[R], size: int = PAGE_SIZE) -> Window[R]:
    """The rows that `?cursor=` of the request asks for. Raises Refused for one that no link of ours had."""
    cursor = request.GET.get("cursor") or None
    try:
        shown, following = newest(rows, size, cursor[:MAX_CURSOR_LENGTH] if cursor else None)
    except ApiError:
        raise Refused(400, "This address of a page is not one of ours. Begin at the newest.") from None
    return Window(shown, _query(request, None) if cursor else "", _query(request, following) if following else "")


def _query(request: HttpRequest, cursor: str | None) -> str:
    query = request.GET.copy()
    query.pop("cursor", None)
    if cursor is not None:
        query["cursor"] = cursor
    return f"?{query.urlencode()}"
