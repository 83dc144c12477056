"""Addresses of these pages."""

from django.urls import URLPattern, path

from apps.console.playground import views

pages: list[URLPattern] = [
    path("playground", views.playground, name="playground"),
    path("playground/schema.json", views.schema, name="playground-schema"),
    path("playground/check", views.check_text, name="playground-check"),
    path("playground/render", views.render, name="playground-render"),
    path("playground/jobs/<job_id>", views.progress, name="playground-job"),
    path("playground/jobs/<job_id>/cancel", views.cancel_render, name="playground-cancel"),
]
