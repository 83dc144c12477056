"""What the clock asks for again and again costs next to nothing while nothing happens."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from framelane.celery import app

SMALL = {
    # A row for each workspace that was served lately; a row for each job that has not ended.
    "jobs_fairshare",
    "jobs_fairqueue",
    "billing_reservation",
    # Merged into a row for each counter, which is why all of it is read.
    "tallies_tally",
    # A row for each client of the last hours, and none with Redis; a row for each endpoint.
    "framelane_api_ratecount",
    "webhooks_secret",
}
"""Tables that are read whole: they stay small, whatever happens."""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tasks(db: None) -> None:
    app.loader.import_default_modules()


@contextmanager
def noted(statements: list[tuple[str, Any, int]]) -> Iterator[None]:
    """Keeps each statement with its values and the number of rows that it has changed or found."""

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        statements.append((sql, params, context["cursor"].rowcount))
        return result

    with connection.execute_wrapper(note):
        yield


def run(name: str) -> list[tuple[str, Any, int]]:
    statements: list[tuple[str, Any, int]] = []
    with noted(statements):
        app.tasks[app.conf.beat_schedule[name]["task"]].apply(throw=True)
    return [entry for entry in statements if entry[0].split(" ")[0] in ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")]


@pytest.mark.parametrize("name", app.conf.beat_schedule)
def test_nothing_is_written_when_there_is_nothing_to_do(name: str) -> None:
    assert [sql for sql, _, rows in run(name) if not sql.startswith(("SELECT", "WITH")) and rows > 0] == []


@pytest.mark.parametrize("name", app.conf.beat_schedule)
def test_what_is_due_is_found_through_an_index(name: str) -> None:
    whole = {(table, sql) for sql, params, _ in run(name) for table in read_whole(sql, params) if table not in SMALL}
    assert whole == set()


def read_whole(sql: str, params: Any) -> set[str]:
    """The tables that a statement would read from end to end, or through an index that leaves nothing out."""
    return _by_sqlite(sql, params) if connection.vendor == "sqlite" else _by_postgresql(sql, params)


def _by_sqlite(sql: str, params: Any) -> set[str]:
    """https://sqlite.org/eqp.html"""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
        steps = [row[3] for row in cursor.fetchall()]
    scans = [re.fullmatch(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step) for step in steps]
    tables = {table: table for table in connection.introspection.table_names()}
    tables |= {alias: table for table, alias in re.findall(r'"(\w+)" (?:AS )?"?(\w+)"?', sql) if table in tables}
    return {tables[scan[1]] for scan in scans if scan and scan[1] in tables and not _is_partial(scan[2])}


def _by_postgresql(sql: str, params: Any) -> set[str]:
    """Where an index is of any use, PostgreSQL is made to use it, although the tables are empty.

    Statistics say so once they were gathered, and of nothing all of an index is read as readily as a part: they are
    forgotten until the transaction ends, and tables without any are planned as if they had ten pages
    (https://www.postgresql.org/docs/current/catalog-pg-class.html, reltuples)."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM pg_statistic WHERE starelid >= 16384")
        cursor.execute("UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE oid >= 16384 AND relkind IN ('r', 'i')")
        for way in ("seqscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    return set(_whole_reads(plan[0]["Plan"]))


def _whole_reads(node: dict[str, Any]) -> Iterator[str]:
    is_whole = node["Node Type"] == "Seq Scan" or (
        "Index Name" in node and "Index Cond" not in node and not _is_partial(node["Index Name"])
    )
    if is_whole:
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _whole_reads(child)


def _is_partial(index: str | None) -> bool:
    """Whether the index holds only what its condition lets in, and so only what is due or may become it."""
    table = "sqlite_master WHERE name" if connection.vendor == "sqlite" else "pg_indexes WHERE indexname"
    column = "sql" if connection.vendor == "sqlite" else "indexdef"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} = %s", [index])
        row = cursor.fetchone()
    return row is not None and " WHERE " in (row[0] or "")
