"""The tasks that a workspace has had done last."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from apps.console.task_kinds import TASKS
from apps.jobs.models import Job, Kind
from apps.jobs.selectors import jobs_of
from apps.uploads.imports.lifecycle import filename_in
from apps.uploads.selectors import assets_at
from apps.workspaces.models import Workspace
from framelane.api.pagination import newest

SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Row:
    """A task, the name of its source and of what it does."""

    job: Job
    source: str
    title: str


def recent_tasks(workspace: Workspace, task_type: str | None = None) -> list[Row]:
    """The newest ones, with three queries at most."""
    jobs, _ = newest(jobs_of(workspace, Kind.TASK, task_type=task_type), SHOWN)
    return _rows(workspace, jobs)


def _rows(workspace: Workspace, jobs: Iterable[Job]) -> list[Row]:
    found = list(jobs)
    urls = {job.id: str(job.request.get("source_url", "")) for job in found}
    names = {url: asset.filename for url, asset in assets_at(workspace, urls.values()).items()}
    titles = {task.name: task.title for task in TASKS}
    return [Row(job, names.get(urls[job.id]) or filename_in(urls[job.id]), titles[job.task_type]) for job in found]
