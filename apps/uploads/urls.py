"""Uploads: the endpoint, where bytes go in, and where they come out again."""

from django.urls import URLPattern, URLResolver, path

from apps.uploads.api import UploadViewSet
from apps.uploads.media import media
from apps.uploads.transfer import upload

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/uploads", UploadViewSet.as_view({"post": "create"})),
    path("uploads/<str:token>", upload),
    path("media/<path:key>", media),
]
