"""Addresses of outputs."""

from pathlib import PurePosixPath

from django.conf import settings

from apps.jobs.models import Job, Status
from apps.jobs.schemas import Subtitles, TaskType
from framelane.lib.storage import get_store


class NotReady(Exception):
    """The job has no output yet, or never will; the message says which."""


class Gone(Exception):
    """The output was kept for its time and then deleted."""


def is_kept(job: Job) -> bool:
    """Whether the job has an output that can be fetched."""
    return job.status == Status.COMPLETED and bool(job.output_key) and job.output_gone_at is None


def output_url(job: Job) -> str | None:
    """A signed address of the output, or None when there is none."""
    if not is_kept(job):
        return None
    return get_store().signed_url(job.output_key, settings.FRAMELANE_MEDIA_URL_LIFETIME_S)


def subtitles(job: Job) -> Subtitles | None:
    """Signed addresses of a transcript's subtitles, or None where there are none."""
    if job.task_type != TaskType.TRANSCRIBE or not is_kept(job):
        return None
    return Subtitles(srt=_beside(job, ".srt"), vtt=_beside(job, ".vtt"))


def _beside(job: Job, extension: str) -> str:
    return get_store().signed_url(_key_beside(job, extension), settings.FRAMELANE_MEDIA_URL_LIFETIME_S)


def _key_beside(job: Job, extension: str) -> str:
    return str(PurePosixPath(job.output_key).with_suffix(extension))


def download_url(job: Job, extension: str = "") -> str:
    """A signed address under which browsers save the output by its name. Raises NotReady, Gone.

    `extension` asks for what lies beside the output: the `.srt` or `.vtt` of a transcript.
    """
    if job.status != Status.COMPLETED:
        raise NotReady(f"{job.id} is {job.status}; there is something to download once it is completed.")
    if not is_kept(job):
        raise Gone(f"The output of {job.id} was deleted after its retention time.")
    key = _key_beside(job, extension) if extension else job.output_key
    return get_store().signed_url(key, settings.FRAMELANE_MEDIA_URL_LIFETIME_S, filename=_filename(job, key))


def _filename(job: Job, key: str) -> str:
    """What the client asked for, with the extension of what the file is."""
    extension = PurePosixPath(key).suffix
    wanted = PurePosixPath(job.request.get("output_filename") or job.id).name.strip(". ")
    return f"{wanted.removesuffix(extension) or job.id}{extension}"
