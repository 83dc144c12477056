"""Paths of API keys."""

from django.urls import URLPattern, URLResolver, path

from apps.api_keys.api import ApiKeyViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/api-keys", ApiKeyViewSet.as_view({"get": "list", "post": "create"})),
    path("v1/api-keys/<str:api_key_id>", ApiKeyViewSet.as_view({"delete": "destroy"})),
    path("v1/api-keys/<str:api_key_id>/rotate", ApiKeyViewSet.as_view({"post": "rotate"})),
]
