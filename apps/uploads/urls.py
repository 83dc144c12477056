"""Uploads: the endpoint, where bytes go in, and where they come out again."""

from django.urls import URLPattern, URLResolver, path

from apps.uploads.api import UploadViewSet
from apps.uploads.assets.api import AssetViewSet
from apps.uploads.imports.api import ImportViewSet
from apps.uploads.media import media
from apps.uploads.transfer import upload

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/uploads", UploadViewSet.as_view({"post": "create"})),
    path("v1/imports", ImportViewSet.as_view({"get": "list", "post": "create"})),
    path("v1/imports/<str:import_id>", ImportViewSet.as_view({"get": "retrieve"})),
    path("v1/workspace/assets", AssetViewSet.as_view({"get": "list"})),
    path("v1/workspace/assets/<str:asset_id>", AssetViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("uploads/<str:token>", upload),
    path("media/<path:key>", media),
]
