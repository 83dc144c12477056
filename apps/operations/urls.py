"""Addresses for operators."""

from django.urls import URLPattern, URLResolver, path

from apps.operations.flower.view import flower
from apps.operations.metrics.view import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics", metrics, name="metrics"),
    path("flower/", flower, name="flower"),
    path("flower/<path:path>", flower, name="flower-page"),
]
