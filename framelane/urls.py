"""Every address of the platform. Each app spells its own paths out in full."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("apps.capabilities.urls")),
    path("", include("apps.uploads.urls")),
    path("", include("apps.jobs.urls")),
]

handler400 = "framelane.api.handlers.bad_request"
handler403 = "framelane.api.handlers.permission_denied"
handler404 = "framelane.api.handlers.page_not_found"
handler500 = "framelane.api.handlers.server_error"
