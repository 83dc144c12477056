"""The tables of dj-stripe's models as they are: its own migrations take a minute."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import migrations


def create_tables(state: Any, schema_editor: Any) -> None:
    for model in apps.get_app_config("djstripe").get_models():
        schema_editor.create_model(model)


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [migrations.RunPython(create_tables, migrations.RunPython.noop)]
