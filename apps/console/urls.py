"""Every address of the console."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from apps.console import dashboard, theme
from apps.console.account.urls import pages as account
from apps.console.assets.urls import pages as assets
from apps.console.develop.urls import pages as develop
from apps.console.jobs.urls import pages as jobs
from apps.console.playground.urls import pages as playground
from apps.console.sign_in.urls import pages as sign_in
from apps.console.tasks.urls import pages as tasks

pages: list[URLPattern | URLResolver] = [
    path("", dashboard.dashboard, name="dashboard"),
    path("theme", theme.choose_theme, name="theme"),
    *sign_in,
    *playground,
    *tasks,
    *jobs,
    *assets,
    *develop,
    *account,
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("console", RedirectView.as_view(url="/console/")),
    path("console/", include((pages, "console"))),
]
