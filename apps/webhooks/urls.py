"""Paths of webhooks."""

from django.urls import URLPattern, URLResolver, path

from apps.webhooks.api import WebhookViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/webhooks", WebhookViewSet.as_view({"get": "list", "post": "create"})),
    path("v1/webhooks/signing-secret/rotate", WebhookViewSet.as_view({"post": "rotate_signing_secret"})),
    path(
        "v1/webhooks/<str:webhook_id>",
        WebhookViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("v1/webhooks/<str:webhook_id>/rotate-secret", WebhookViewSet.as_view({"post": "rotate_secret"})),
    path("v1/webhooks/<str:webhook_id>/test", WebhookViewSet.as_view({"post": "test"})),
    path("v1/webhooks/<str:webhook_id>/deliveries", WebhookViewSet.as_view({"get": "deliveries"})),
    path(
        "v1/webhooks/<str:webhook_id>/deliveries/<str:delivery_id>/redeliver",
        WebhookViewSet.as_view({"post": "redeliver"}),
    ),
]
