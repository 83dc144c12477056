"""Addresses of these pages."""

from django.urls import URLPattern, path

from apps.console.jobs import acts, detail, lists

pages: list[URLPattern] = [
    path("jobs", lists.jobs, name="jobs"),
    path("jobs/live", lists.live_rows, name="jobs-live"),
    path("jobs/<str:job_id>", detail.job, name="job"),
    path("jobs/<str:job_id>/live", detail.live, name="job-live"),
    path("jobs/<str:job_id>/download", acts.download, name="job-download"),
    path("jobs/<str:job_id>/request.json", acts.request_json, name="job-request"),
    path("jobs/<str:job_id>/cancel", acts.cancel, name="job-cancel"),
    path("jobs/<str:job_id>/rerun", acts.rerun, name="job-rerun"),
]
