"""The state of the whole installation, read from the database whenever it is asked for: at most eight queries."""

import logging
import shutil
import time
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from prometheus_client.core import InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.operations.metrics.backlogs import of_backlogs
from apps.operations.metrics.families import gauge
from apps.operations.metrics.jobs import of_ended_jobs, of_open_jobs
from apps.operations.metrics.workers import of_workers
from apps.tallies.selectors import sums

log = logging.getLogger(__name__)


class InstallationCollector(Collector):
    """The same from every web process of an installation. Without the database it says so, and no more."""

    def collect(self) -> Iterator[Metric]:
        yield _build()
        yield from _disks()
        began = time.perf_counter()
        try:
            found = _from_the_database()
        except (DatabaseError, InterfaceError):
            log.exception("the metrics of the database could not be read")
            found = []
        yield gauge("framelane_database_up", "1 when the database answered this scrape.", (), {(): bool(found)})
        seconds = {(): time.perf_counter() - began}
        yield gauge("framelane_scrape_duration_seconds", "How long the database took for this scrape.", (), seconds)
        yield from found


def _from_the_database() -> list[Metric]:
    # On SQLite a transaction would wait for those who write.
    counted = sums()
    return [*of_open_jobs(), *of_ended_jobs(counted), *of_backlogs(counted), *of_workers()]


def _build() -> Metric:
    family = InfoMetricFamily("framelane_build", "What is running.")
    family.add_metric((), {"version": settings.FRAMELANE_VERSION, "environment": settings.FRAMELANE_ENV})
    return family


def _disks() -> Iterator[Metric]:
    """The disks of this process's own files; a store in a bucket has none."""
    store = urlsplit(settings.STORAGE_URL)
    folders = {"home": str(settings.FRAMELANE_HOME)}
    if store.scheme == "file":
        folders["store"] = unquote(store.path)
    usages = {place: shutil.disk_usage(folder) for place, folder in folders.items()}
    free = {(place,): float(usage.free) for place, usage in usages.items()}
    total = {(place,): float(usage.total) for place, usage in usages.items()}
    yield gauge("framelane_disk_free_bytes", "Free space on the disk of a folder.", ("place",), free)
    yield gauge("framelane_disk_total_bytes", "The size of that disk.", ("place",), total)
