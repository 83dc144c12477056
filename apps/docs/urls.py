"""Every address of the documentation."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.docs import views

pages: list[URLPattern | URLResolver] = [
    path("docs/", views.home, name="home"),
    path("docs/api/", views.api, name="api"),
    path("docs/search.json", views.search_index, name="search"),
    path("docs/<path:path>", views.anything, name="page"),
    path("llms.txt", views.llms, name="llms"),
    path("llms-full.txt", views.llms_full, name="llms-full"),
    path("skill.md", views.skill, name="skill"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs", RedirectView.as_view(url="/docs/")),
    path("", include((pages, "docs"))),
]
