from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "apps.webhooks"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.events.registry import subscribe
        from apps.events.types import AREAS
        from apps.webhooks.intake import on_event

        for area in AREAS:
            subscribe(f"{area}.", on_event)
