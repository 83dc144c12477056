"""Every address of the console."""

from django.urls import URLPattern, URLResolver, include, path

from apps.console import dashboard

pages: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("console/", include((pages, "console"))),
]
