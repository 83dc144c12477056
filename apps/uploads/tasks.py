"""What workers do for uploads."""

from celery import shared_task

from apps.uploads import garbage, imports, imports_fetching, orphans, probing, services


@shared_task(name="apps.uploads.tasks.probe_asset", ignore_result=True)
def probe_asset(asset_id: str) -> None:
    probing.probe_asset(asset_id=asset_id)


@shared_task(name=imports.FETCH, ignore_result=True)
def fetch_import(import_id: str) -> None:
    imports_fetching.fetch_import(import_id=import_id)


@shared_task(name="apps.uploads.tasks.sweep", ignore_result=True)
def sweep() -> None:
    services.notice_arrivals()
    probing.hint_due()
    imports.hint_due()
    imports_fetching.discard_leftovers()


@shared_task(name="apps.uploads.tasks.collect_garbage", ignore_result=True)
def collect_garbage() -> None:
    garbage.collect(garbage.find_expired())
    imports.discard_old()


@shared_task(name="apps.uploads.tasks.collect_orphans", ignore_result=True)
def collect_orphans() -> None:
    garbage.collect(orphans.orphans())
