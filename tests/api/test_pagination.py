"""Cursor pagination: every row once, newest first, whatever is inserted meanwhile."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError
from framelane.api.pagination import Page, PageQuery, paginate

START = datetime(2026, 1, 1, tzinfo=UTC)
REUSED = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class RowOut(BaseModel):
    id: str


class RowPage(Page[RowOut]):
    """A page of these rows."""


def insert(minute: int) -> str:
    """A row; many share their moment, so that only the id tells them apart."""
    return Workspace.objects.create(name="w", email="w@example.org", created_at=START + timedelta(minutes=minute)).id


def read(limit: int, cursor: str | None = None) -> RowPage:
    rows = Workspace.objects.all()
    return RowPage.model_validate(paginate(rows, PageQuery(limit=limit, cursor=cursor), lambda w: RowOut(id=w.id)))


def read_all(limit: int, between: Any = lambda: None) -> list[str]:
    found, cursor = [], None
    while True:
        page = read(limit, cursor)
        assert page.has_more == (page.next_cursor is not None)
        assert 0 < len(page.data) <= limit or not page.has_more
        found += [row.id for row in page.data]
        if not page.has_more:
            return found
        cursor = page.next_cursor
        between()


def newest_first() -> list[str]:
    return list(Workspace.objects.order_by("-created_at", "-id").values_list("id", flat=True))


@pytest.mark.django_db
@REUSED
@given(minutes=st.lists(st.integers(0, 3), max_size=12), limit=st.integers(1, 13))
def test_pages_join_to_the_whole_list(minutes: list[int], limit: int) -> None:
    Workspace.objects.all().delete()
    for minute in minutes:
        insert(minute)
    assert read_all(limit) == newest_first()


@pytest.mark.django_db
@REUSED
@given(minutes=st.lists(st.integers(0, 3), min_size=1, max_size=8), limit=st.integers(1, 4))
def test_rows_inserted_meanwhile_shift_nothing(minutes: list[int], limit: int) -> None:
    Workspace.objects.all().delete()
    for minute in minutes:
        insert(minute)
    before = newest_first()
    assert read_all(limit, between=lambda: insert(10)) == before


@pytest.mark.django_db
def test_a_deleted_row_does_not_break_its_cursor() -> None:
    for minute in range(4):
        insert(minute)
    first = read(2)
    Workspace.objects.filter(id=first.data[-1].id).delete()
    assert [row.id for row in read(2, first.next_cursor).data] == newest_first()[1:]


@pytest.mark.django_db
def test_a_tampered_cursor_is_refused() -> None:
    for minute in range(3):
        insert(minute)
    cursor = read(1).next_cursor
    assert cursor is not None
    for place in range(len(cursor)):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(ApiError) as refused:
            read(1, changed)
        assert (refused.value.status, refused.value.code) == (400, "invalid_request")


@pytest.mark.django_db
def test_a_cursor_says_nothing_readable_about_other_rows() -> None:
    oldest = insert(0)
    insert(1)
    cursor = read(1).next_cursor
    assert cursor is not None
    assert oldest not in cursor


def test_limits_are_the_published_ones() -> None:
    assert PageQuery().limit == 20
    schema = PageQuery.model_json_schema()["properties"]["limit"]
    assert (schema["minimum"], schema["maximum"]) == (1, 200)
