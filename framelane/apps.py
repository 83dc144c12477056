from django.apps import AppConfig


class FramelaneConfig(AppConfig):
    name = "framelane"

    def ready(self) -> None:
        # Tasks are sent through the current Celery application, so the web process needs ours to be the current one.
        from framelane import celery, checks

        assert celery.app
        assert checks
