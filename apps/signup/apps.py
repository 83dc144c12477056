from django.apps import AppConfig


class SignupConfig(AppConfig):
    name = "apps.signup"
    default_auto_field = "django.db.models.BigAutoField"
