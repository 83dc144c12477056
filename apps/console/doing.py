"""What goes on with a job, in the words of every page."""

from typing import Final

from apps.jobs.models import Job

STAGE_NAMES: Final[dict[str, str]] = {
    "waiting": "Waiting",
    "starting": "Starting",
    "downloading": "Downloading",
    "compositing": "Compositing",
    "encoding": "Encoding",
    "uploading": "Uploading",
}


def doing(job: Job) -> str:
    """What is going on with a job that has not ended, for people."""
    if job.cancel_requested:
        return "Being cancelled"
    if job.status == "ingesting":
        return "Copying its sources"
    if job.status == "queued":
        return "Waiting for an upload" if job.awaited_asset else "Waiting for a worker"
    return STAGE_NAMES.get(job.progress_stage, "Starting")
