from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "framelane.api"
    label = "framelane_api"
    default_auto_field = "django.db.models.BigAutoField"
