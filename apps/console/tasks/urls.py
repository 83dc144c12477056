"""Addresses of these pages."""

from django.urls import URLPattern, path

from apps.console.tasks import overview, views

pages: list[URLPattern] = [
    path("tasks", overview.overview, name="tasks"),
    path("tasks/<slug:slug>", views.task, name="task"),
    path("tasks/<slug:slug>/sources", views.sources, name="task-sources"),
    path("tasks/<slug:slug>/recent", views.recent, name="task-recent"),
]
