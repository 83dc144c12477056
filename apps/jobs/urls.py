"""Paths of renders and tasks."""

from django.urls import URLPattern, URLResolver, path

from apps.jobs.api import RenderViewSet, TaskViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/renders", RenderViewSet.as_view({"get": "list", "post": "create"})),
    path("v1/renders/validate", RenderViewSet.as_view({"post": "validate"})),
    path("v1/renders/<str:render_id>", RenderViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("v1/renders/<str:render_id>/download", RenderViewSet.as_view({"get": "download"})),
    path("v1/tasks", TaskViewSet.as_view({"get": "list"})),
    path("v1/tasks/super-resolution", TaskViewSet.as_view({"post": "super_resolution"})),
    path("v1/tasks/gaze-redirect", TaskViewSet.as_view({"post": "gaze_redirect"})),
    path("v1/tasks/remove-background", TaskViewSet.as_view({"post": "remove_background"})),
    path("v1/tasks/transcribe", TaskViewSet.as_view({"post": "transcribe"})),
    path("v1/tasks/<str:task_id>", TaskViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("v1/tasks/<str:task_id>/download", TaskViewSet.as_view({"get": "download"})),
]
