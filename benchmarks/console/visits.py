"""Requests for pages, with what each of them asked of the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client


@dataclass(slots=True)
class Statement:
    """As it was sent, and how long its answer took."""

    sql: str
    parameters: Any
    took_ms: float


@dataclass(slots=True)
class Visit:
    """One request. `wall_ms` is what its client waited, `cpu_ms` what this thread worked for it."""

    status: int = 0
    wall_ms: float = 0
    cpu_ms: float = 0
    size_bytes: int = 0
    statements: list[Statement] = field(default_factory=list)

    @property
    def queries(self) -> list[Statement]:
        """Without the beginnings and ends of transactions."""
        marks = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
        return [statement for statement in self.statements if not statement.sql.startswith(marks)]

    @property
    def database_ms(self) -> float:
        return sum(statement.took_ms for statement in self.statements)

    def note(self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        """For `connection.execute_wrapper`."""
        began = time.perf_counter()
        try:
            return execute(sql, parameters, many, context)
        finally:
            self.statements.append(Statement(sql, parameters, 1000 * (time.perf_counter() - began)))


def visit(client: Client, address: str) -> Visit:
    """Ask for a page, as a browser that follows no redirect does."""
    noted = Visit()
    with connection.execute_wrapper(noted.note):
        wall, cpu = time.perf_counter(), time.thread_time()
        answer: Any = client.get(address)
        noted.wall_ms = 1000 * (time.perf_counter() - wall)
        noted.cpu_ms = 1000 * (time.thread_time() - cpu)
    noted.status = answer.status_code
    noted.size_bytes = len(b"".join(answer)) if answer.streaming else len(answer.content)
    return noted


def signed_in(user: Any) -> Client:
    """A browser of somebody, in which they have been today: the first request of a day prolongs the session."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/console/")
    return client


def scanned(statements: list[Statement], tables: tuple[str, ...]) -> list[str]:
    """Statements for which the database would read one of the tables from end to end, as plans. SELECTs only."""
    found = []
    for statement in statements:
        if not statement.sql.startswith("SELECT"):
            continue
        plan = _plan_of(statement)
        if any(_reads_whole(line, table) for line in plan.splitlines() for table in tables):
            found.append(f"{statement.sql[:2000]}\n{plan}")
    return found


def _plan_of(statement: Statement) -> str:
    verb = "EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with connection.cursor() as cursor:
        cursor.execute(verb + statement.sql, statement.parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def _reads_whole(line: str, table: str) -> bool:
    """SQLite calls every reading without a bound SCAN, by an index or not."""
    return f"Seq Scan on {table}" in line or line.startswith(f"SCAN {table}")
