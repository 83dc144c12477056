"""Every page that is measured, by name. A page with several faces has several rows: `name (what it shows)`."""

from typing import Final

from django.urls import reverse

from benchmarks.console.filling import Filled

STAFF_LISTS: Final = (
    *("workspaces_workspace", "jobs_job", "uploads_asset", "previews_preview", "api_keys_apikey", "audit_auditentry"),
    *("billing_usagerecord", "webhooks_endpoint", "webhooks_attempt", "events_event"),
)


def console_pages(filled: Filled) -> dict[str, str]:
    """Name, as of apps.console.urls, with what is shown in brackets → address. For somebody who has signed in."""
    return {
        **{name: _at(name) for name in ("dashboard", "playground", "tasks", "jobs", "assets", "keys", "webhooks")},
        **{name: _at(name) for name in ("usage", "billing", "settings", "people", "invitations", "welcome")},
        **{name: _at(name) for name in ("playground-schema", "jobs-live", "assets-live")},
        **{f"jobs ({shown})": f"{_at('jobs')}?{query}" for shown, query in _LISTS_OF_JOBS.items()},
        **{f"assets ({shown})": f"{_at('assets')}?{query}" for shown, query in _LISTS_OF_ASSETS.items()},
        "usage (90 days)": f"{_at('usage')}?period=90d",
        "playground (a job's request)": f"{_at('playground')}?job={filled.failed}",
        "playground-job": _at("playground-job", filled.processing),
        "task": _at("task", "transcribe"),
        "task (search)": f"{_at('task', 'super-resolution')}?q=take%2019",
        "task-sources": _at("task-sources", "transcribe"),
        "task-recent": _at("task-recent", "transcribe"),
        "jobs-live (one job)": f"{_at('jobs-live')}?id={filled.processing}",
        **{f"job ({status})": _at("job", getattr(filled, status)) for status in ("completed", "failed", "processing")},
        "job (a task)": _at("job", filled.task),
        "job-live": _at("job-live", filled.processing),
        "job-request": _at("job-request", filled.completed),
        "job-download": _at("job-download", filled.completed),
        "assets-live (one asset)": f"{_at('assets-live')}?ids={filled.asset}",
        **{name: _at(name, filled.asset) for name in ("asset", "asset-status", "asset-live", "asset-download")},
        "webhook": _at("webhook", filled.webhook),
        "deliveries": _at("deliveries", filled.webhook),
        "deliveries (failed)": f"{_at('deliveries', filled.webhook)}?status=failed",
        "delivery": _at("delivery", filled.webhook, filled.delivery),
        "a job that is not there": _at("job", "render_nothing"),
    }


_LISTS_OF_JOBS: Final = {
    "completed": "status=completed",
    "failed renders": "status=failed&kind=render",
    "transcripts": "kind=transcribe",
    "a title": "q=film+4242",
    "nothing found": "q=nothing+is+called+that",
    "an id": "q=render_0",
}
_LISTS_OF_ASSETS: Final = {
    "videos": "kind=video&status=ready",
    "a name": "q=take+1234",
    "nothing found": "q=nothing+is+called+that",
}


def doors() -> dict[str, str]:
    """What is open to somebody who has not signed in."""
    return {"home": reverse("home"), "sign-in": _at("sign-in"), "sign-up": _at("sign-up")}


def staff_pages(filled: Filled) -> dict[str, str]:
    """The main pages for the staff of an installation."""
    return {
        "staff": reverse("admin:index"),
        "staff: operations": reverse("operations"),
        **{f"staff: {name}": reverse(f"admin:{name}_changelist") for name in STAFF_LISTS},
        "staff: a workspace": reverse("admin:workspaces_workspace_change", args=[filled.workspace.id]),
        "staff: a job": reverse("admin:jobs_job_change", args=[filled.completed]),
        "metrics": reverse("metrics"),
    }


def _at(name: str, *ids: str) -> str:
    return reverse(f"console:{name}", args=ids)
