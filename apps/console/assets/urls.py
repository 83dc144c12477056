"""Addresses of these pages."""

from django.urls import URLPattern, path

from apps.console.assets import details, importing, library, uploading

pages: list[URLPattern] = [
    path("assets", library.library, name="assets"),
    path("assets/live", library.live, name="assets-live"),
    path("assets/import", importing.begin, name="asset-import"),
    path("assets/uploads", uploading.start, name="upload-start"),
    path("assets/files", uploading.send_form, name="upload-form"),
    path("assets/<str:asset_id>", details.details, name="asset"),
    path("assets/<str:asset_id>/status", uploading.status, name="asset-status"),
    path("assets/<str:asset_id>/live", details.live, name="asset-live"),
    path("assets/<str:asset_id>/download", details.download, name="asset-download"),
    path("assets/<str:asset_id>/delete", details.delete, name="asset-delete"),
]
