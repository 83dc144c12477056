"""Opens every page again and again on the back end of the environment; prints JSON. Run by `benchmarks.console`."""

import json
import logging
import sys
from dataclasses import asdict, dataclass
from statistics import median, quantiles

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client, override_settings  # noqa: E402

from benchmarks.console.addresses import console_pages, doors, staff_pages  # noqa: E402
from benchmarks.console.filling import Amounts, Filled, fill  # noqa: E402
from benchmarks.console.urls import FRAME  # noqa: E402
from benchmarks.console.visits import Visit, scanned, signed_in, visit  # noqa: E402

LIMIT = "the frame alone"
LARGE = ("jobs_job", "uploads_asset", "previews_preview", "billing_usagerecord", "webhooks_attempt", "webhooks_message")


@dataclass(frozen=True, slots=True)
class Row:
    """One page. Times are of a request in this process, `limit_ms` of the frame alone at about the same time.

    `scans` are the statements for which the database would read a large table from end to end, with their plans.
    """

    name: str
    status: int
    queries: int
    best_ms: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    database_ms: float
    limit_ms: float
    size_bytes: int
    scans: list[str]


def measured(name: str, client: Client, address: str, member: Client, times: int) -> Row:
    """One page, in turn with the frame alone, so that what else the machine does slows both."""
    # The first one loads the templates.
    first, _ = visit(client, address), visit(member, FRAME)
    pairs = [(visit(client, address), visit(member, FRAME)) for _ in range(times)]
    visits, frames = [one for one, _ in pairs], [frame for _, frame in pairs]
    assert {one.status for one in visits} == {first.status}, name
    return Row(
        name,
        first.status,
        max(len(one.queries) for one in visits),
        best_ms=min(one.wall_ms for one in visits),
        p50_ms=median(one.wall_ms for one in visits),
        p95_ms=_p95(visits),
        cpu_ms=median(one.cpu_ms for one in visits),
        database_ms=median(one.database_ms for one in visits),
        limit_ms=median(one.wall_ms for one in frames),
        size_bytes=first.size_bytes,
        scans=scanned(first.queries, LARGE),
    )


def _p95(visits: list[Visit]) -> float:
    return quantiles([one.wall_ms for one in visits], n=20, method="inclusive")[-1]


def every_page(filled: Filled, times: int) -> list[Row]:
    member = signed_in(filled.owner)
    staff = Client()
    staff.force_login(User.objects.create_superuser("staff", "staff@example.org", "a password"))
    families = ((member, {LIMIT: FRAME} | console_pages(filled)), (Client(), doors()), (staff, staff_pages(filled)))
    return [
        measured(name, client, address, member, times) for client, pages in families for name, address in pages.items()
    ]


def main() -> None:
    # A page that is not there is one of those that are measured.
    logging.disable(logging.WARNING)
    call_command("migrate", verbosity=0)
    filled = fill(Amounts(), neighbours=1)
    with override_settings(ROOT_URLCONF="benchmarks.console.urls", ALLOWED_HOSTS=["*"]):
        print(json.dumps([asdict(row) for row in every_page(filled, int(sys.argv[1]))]))


if __name__ == "__main__":
    main()
