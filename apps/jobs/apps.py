from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "apps.jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.events.registry import subscribe
        from apps.jobs.services.waiting import on_asset_event

        subscribe("asset.", on_asset_event)
