"""Runs every task of the clock once and counts its statements; prints JSON. Run by `benchmarks.platform.idle`.

The numbers are per minute, of a platform on which nothing happens.
"""

import json
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from framelane.celery import app  # noqa: E402

MINUTE_S = 60


def per_minute(entry: dict[str, Any]) -> float:
    """How many statements a task of the schedule sends in a minute; transactions count as one each way."""
    with CaptureQueriesContext(connection) as captured:
        app.tasks[entry["task"]].apply(throw=True)
    interval_s: float = entry["schedule"].total_seconds()
    return len(captured) * MINUTE_S / interval_s


def main() -> None:
    app.loader.import_default_modules()
    print(json.dumps({name: per_minute(entry) for name, entry in app.conf.beat_schedule.items()}))


if __name__ == "__main__":
    main()
