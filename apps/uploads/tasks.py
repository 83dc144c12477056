"""What workers do for uploads."""

from celery import shared_task

from apps.uploads import probing, services


@shared_task(name="apps.uploads.tasks.probe_asset", ignore_result=True)
def probe_asset(asset_id: str) -> None:
    probing.probe_asset(asset_id=asset_id)


@shared_task(name="apps.uploads.tasks.sweep", ignore_result=True)
def sweep() -> None:
    services.notice_arrivals()
    probing.hint_due()


@shared_task(name="apps.uploads.tasks.collect_garbage", ignore_result=True)
def collect_garbage() -> None:
    services.discard_abandoned()
