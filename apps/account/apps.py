from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "apps.account"
    # django-allauth has taken the shorter one.
    label = "workspace_account"
    default_auto_field = "django.db.models.BigAutoField"
