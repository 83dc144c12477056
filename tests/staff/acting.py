"""Doing something as the staff: choosing an act, and answering its question."""

from typing import Any

from django.db import models
from django.test import Client
from django.urls import reverse

from apps.audit.models import AuditEntry


def page_of(model: type[models.Model], name: str, *keys: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=keys)


def ask(client: Client, name: str, *rows: models.Model) -> Any:
    """The question that an act begins with."""
    body = {"action": name, "_selected_action": [row.pk for row in rows]}
    return client.post(page_of(type(rows[0]), "changelist"), body)


def do(client: Client, name: str, *rows: models.Model, **answers: Any) -> str:
    """The page, with its messages, that an answered question leads to."""
    body = {"action": name, "_selected_action": [row.pk for row in rows], "confirmed": "yes", **answers}
    answer = client.post(page_of(type(rows[0]), "changelist"), body, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def last_entry(action: str) -> AuditEntry:
    return AuditEntry.objects.filter(action=action).latest("created_at")
