"""Every page of a workspace with ten thousand jobs: ten statements at most, and none that reads a large table whole.

Which pages there are is read from the addresses of the console: a new one without a row fails the suite.
"""

from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.db import connection, transaction
from django.test import Client

from benchmarks.console.addresses import console_pages, doors
from benchmarks.console.filling import Amounts, Filled, fill
from benchmarks.console.visits import Visit, scanned, signed_in, visit
from tests.contract.test_console_pages import FOR_A_PERSON, OPEN_TO_ALL, TABLE

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
MAX_QUERIES: Final = 10
FEWER: Final = {
    **{"playground-job": 4, "jobs-live": 4, "job-live": 4, "asset-status": 4, "asset-live": 5, "assets-live": 6},
    **{"jobs": 8, "assets": 6, "asset": 6, "tasks": 8, "task": 8, "task-recent": 8},
}
"""What a page asks for again and again, or is opened most, sends fewer: three are for who asks."""
NOT_SHOWN: Final = {"welcome": 302, "job-download": 302, "asset-download": 302, "a job that is not there": 404}
LARGE: Final = ("jobs_job", "uploads_asset", "previews_preview", "webhooks_attempt", "webhooks_message")
NO_PAGES: Final = {
    *("sign-in-code", "sign-in-resend", "sign-out", "switch", "theme"),
    *("impersonation-end", "invitation-accept", "invitation-decline"),
}
"""These only do something, or have nothing to show before a code was sent."""


@dataclass(frozen=True)
class Seen:
    """What it took to open a page, and the plans of statements that would read a large table from end to end."""

    visit: Visit
    scans: list[str]


NOBODY: Any = Filled(*["nobody"] * 9)
NAMES: Final = [*console_pages(NOBODY), *doors()]


@pytest.fixture(scope="module")
def seen(django_db_setup: None, django_db_blocker: Any) -> dict[str, Seen]:
    """Every page once, by name. What was made for it goes with the transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        # Where one workspace owns all rows, reading a table whole is cheapest; what counts is that an index can help.
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET LOCAL enable_seqscan = off")
        filled = fill(Amounts(assets=1000, deliveries=2000))
        member = signed_in(filled.owner)
        opened = {name: _open(member, address) for name, address in console_pages(filled).items()}
        opened |= {name: _open(Client(), address) for name, address in doors().items()}
        transaction.set_rollback(True)
    return opened


def _open(client: Client, address: str) -> Seen:
    visited = visit(client, address)
    return Seen(visited, scanned(visited.queries, LARGE))


def test_every_page_has_a_row() -> None:
    rows = {name.split()[0] for name in NAMES} - {"home", "a"}
    readable = {name.split()[1] for name in TABLE if name.startswith("GET ")}
    assert rows == (readable | OPEN_TO_ALL | FOR_A_PERSON) - NO_PAGES


@pytest.mark.parametrize("name", NAMES)
def test_a_page_asks_for_little(seen: dict[str, Seen], name: str) -> None:
    visited = seen[name].visit
    assert visited.status == NOT_SHOWN.get(name, 200)
    assert [query.sql for query in visited.queries][FEWER.get(name.split()[0], MAX_QUERIES) :] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_statement_reads_a_large_table_whole(seen: dict[str, Seen], name: str) -> None:
    assert seen[name].scans == []
