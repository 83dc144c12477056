"""Addresses of keys, webhooks and usage."""

from django.urls import URLPattern, path

from apps.console.develop import deliveries, keys, usage, webhooks

pages: list[URLPattern] = [
    path("keys", keys.keys, name="keys"),
    path("keys/new", keys.create, name="key-new"),
    path("keys/<str:key_id>/rotate", keys.rotate, name="key-rotate"),
    path("keys/<str:key_id>/revoke", keys.revoke, name="key-revoke"),
    path("webhooks", webhooks.webhooks, name="webhooks"),
    path("webhooks/new", webhooks.create, name="webhook-new"),
    path("webhooks/signing-secret", webhooks.rotate_workspace_secret, name="signing-secret"),
    path("webhooks/<str:webhook_id>", webhooks.webhook, name="webhook"),
    path("webhooks/<str:webhook_id>/rotate", webhooks.rotate, name="webhook-rotate"),
    path("webhooks/<str:webhook_id>/test", webhooks.test, name="webhook-test"),
    path("webhooks/<str:webhook_id>/delete", webhooks.delete, name="webhook-delete"),
    path("webhooks/<str:webhook_id>/deliveries", deliveries.deliveries, name="deliveries"),
    path("webhooks/<str:webhook_id>/deliveries/<str:delivery_id>", deliveries.delivery, name="delivery"),
    path("webhooks/<str:webhook_id>/deliveries/<str:delivery_id>/redeliver", deliveries.redeliver, name="redeliver"),
    path("usage", usage.usage, name="usage"),
]
