from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "apps.account"
    default_auto_field = "django.db.models.BigAutoField"
