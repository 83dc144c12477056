"""Addresses for operators."""

from django.urls import URLPattern, URLResolver, path

from apps.operations.metrics.view import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("metrics", metrics, name="metrics"),
]
