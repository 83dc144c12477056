"""What workers do for uploads."""

from celery import shared_task

from apps.uploads import garbage, orphans, probing, services
from apps.uploads.imports import fetching, lifecycle


@shared_task(name="apps.uploads.tasks.probe_asset", ignore_result=True)
def probe_asset(asset_id: str) -> None:
    probing.probe_asset(asset_id=asset_id)


@shared_task(name=lifecycle.FETCH, ignore_result=True)
def fetch_import(import_id: str) -> None:
    fetching.fetch_import(import_id=import_id)


@shared_task(name="apps.uploads.tasks.sweep", ignore_result=True)
def sweep() -> None:
    services.notice_arrivals()
    probing.hint_due()
    lifecycle.hint_due()
    fetching.discard_leftovers()


@shared_task(name="apps.uploads.tasks.collect_garbage", ignore_result=True)
def collect_garbage() -> None:
    garbage.collect(garbage.find_expired())
    lifecycle.discard_old()


@shared_task(name="apps.uploads.tasks.collect_orphans", ignore_result=True)
def collect_orphans() -> None:
    garbage.collect(orphans.orphans())
