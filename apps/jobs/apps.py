from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "apps.jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.events.registry import subscribe
        from apps.jobs.holdings import HOLDER
        from apps.jobs.services.ingesting import on_import_event
        from apps.jobs.services.waiting import on_asset_event
        from apps.uploads.holders import register
        from apps.uploads.imports import lifecycle

        subscribe("asset.", on_asset_event)
        subscribe(lifecycle.ENDED, on_import_event)
        register(HOLDER)
