from django.apps import AppConfig


class PreviewsConfig(AppConfig):
    name = "apps.previews"

    def ready(self) -> None:
        from apps.events.registry import subscribe
        from apps.previews.holdings import HOLDER
        from apps.previews.intake import on_failed_asset, on_subject_event
        from apps.uploads.holders import register

        for moment in ("render.completed", "task.completed", "asset.ready"):
            subscribe(moment, on_subject_event)
        subscribe("asset.failed", on_failed_asset)
        register(HOLDER)
