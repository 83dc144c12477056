"""Paths of the workspace itself."""

from django.urls import URLPattern, URLResolver, path

from apps.account.api import UsageViewSet, WorkspaceViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "v1/workspace",
        WorkspaceViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
    ),
    path("v1/workspace/usage", UsageViewSet.as_view({"get": "retrieve"})),
]
