"""Cursor pagination, newest first: by (created_at, id), so that rows inserted meanwhile shift nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from pydantic import BaseModel, ConfigDict, Field

from framelane.api.errors import invalid_request
from gpu_tasks.timeline.catalogue import limit

T = TypeVar("T")
Out = TypeVar("Out", bound=BaseModel)
_PAGE = limit("page")
_signer = signing.Signer(salt="framelane.api.cursor")


class PageQuery(BaseModel):
    """Query parameters of a list; derive from it to add filters."""

    limit: int = Field(_PAGE["default"], ge=_PAGE["min"], le=_PAGE["max"])
    cursor: str | None = Field(None, max_length=1000)


class Page(BaseModel, Generic[T]):
    """One page of a list."""

    model_config = ConfigDict(from_attributes=True)

    data: list[T]
    next_cursor: str | None = Field(None, description="Pass it as `cursor` to read on; null on the last page.")
    has_more: bool = Field(False, description="Whether there is a next page.")


class Row(Protocol):
    """What a listed row has."""

    id: Any
    created_at: Any


R = TypeVar("R", bound=Model)


def paginate(rows: QuerySet[R], query: PageQuery, convert: Callable[[R], Out]) -> dict[str, Any]:
    """One page of `rows` as the fields of a `Page`, each row converted. Raises ApiError 400 for a bad cursor.

    `rows` has `created_at` and `id`; its own order is ignored.
    """
    shown, next_cursor = newest(rows, query.limit, query.cursor)
    return {
        "data": [convert(row) for row in shown],
        "next_cursor": next_cursor,
        "has_more": next_cursor is not None,
    }


def newest(rows: QuerySet[R], limit: int, cursor: str | None = None) -> tuple[list[R], str | None]:
    """The newest rows, or those that follow a cursor, and the cursor of what follows them; None at the end.

    `rows` has `created_at` and `id`; its own order is ignored. Raises ApiError 400 for a bad cursor.
    """
    if cursor is not None:
        rows = rows.filter(_after(cursor))
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    shown = found[:limit]
    return shown, _cursor(shown[-1]) if len(found) > limit else None


def _cursor(row: Any) -> str:
    return _signer.sign_object([row.created_at.isoformat(), row.id])


def _after(cursor: str) -> Q:
    try:
        moment, row_id = _signer.unsign_object(cursor)
    except signing.BadSignature:
        raise invalid_request("cursor is not one that a list returned") from None
    created_at = datetime.fromisoformat(moment)
    return Q(created_at__lt=created_at) | Q(created_at=created_at, id__lt=row_id)
