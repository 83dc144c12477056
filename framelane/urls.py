"""Every address of the platform. Each app spells its own paths out in full."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.operations.page.view import operations
from framelane.api.openapi import openapi_json
from framelane.api.system import SystemViewSet
from framelane.home_page import home_page

admin.site.site_header = admin.site.site_title = "Framelane"
admin.site.index_title = "Administration"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home_page, name="home"),
    path("admin", RedirectView.as_view(url="/admin/")),
    # Before the administration, which would list the models of that application there.
    path("admin/operations/", operations, name="operations"),
    path("admin/", admin.site.urls),
    path("openapi.json", openapi_json, name="openapi"),
    # Under the names that orchestrators expect; documented once, below /v1.
    path("healthz", SystemViewSet.as_view({"get": "health"}, schema=None), name="healthz"),
    path("readyz", SystemViewSet.as_view({"get": "ready"}, schema=None), name="readyz"),
    path("v1/system/health", SystemViewSet.as_view({"get": "health"}), name="health"),
    path("v1/system/ready", SystemViewSet.as_view({"get": "ready"}), name="ready"),
    path("v1/system/version", SystemViewSet.as_view({"get": "version"}), name="version"),
    path("", include("apps.capabilities.urls")),
    path("", include("apps.signup.urls")),
    path("", include("apps.api_keys.urls")),
    path("", include("apps.account.urls")),
    path("", include("apps.billing.urls")),
    path("", include("apps.uploads.urls")),
    path("", include("apps.jobs.urls")),
    path("", include("apps.webhooks.urls")),
    path("", include("apps.console.urls")),
    path("", include("apps.docs.urls")),
    path("", include("apps.operations.urls")),
]

handler400 = "framelane.api.handlers.bad_request"
handler403 = "framelane.api.handlers.permission_denied"
handler404 = "framelane.api.handlers.page_not_found"
handler500 = "framelane.api.handlers.server_error"
