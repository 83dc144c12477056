"""What a job is called and what it is, in words."""

from collections.abc import Mapping
from typing import Any, Final

from apps.console.jobs.film.labels import file_name, plain
from apps.console.task_kinds import TASKS
from apps.jobs.models import Job, Kind

MAX_TITLE: Final = 100
_NAMING: Final = ("name", "title")
TASK_NAMES: Final[dict[str, str]] = {
    "super_resolution": "Super resolution",
    "gaze_redirect": "Gaze redirect",
    "remove_background": "Background removal",
    "transcribe": "Transcription",
}
TASK_ICONS: Final = {task.name: task.icon for task in TASKS}


def title_of(job: Job, names: Mapping[str, str]) -> str:
    """The `name` or `title` of its metadata, else a sentence of what it is; for `names` see there."""
    named = (plain(str(job.metadata.get(key) or ""), MAX_TITLE) for key in _NAMING)
    return next(filter(None, named), "") or sentence_of(job, names)


def has_name(job: Job, names: Mapping[str, str]) -> bool:
    return title_of(job, names) != sentence_of(job, names)


def sentence_of(job: Job, names: Mapping[str, str]) -> str:
    """`1280 × 720, 3 elements`, or `Transcription of talk.mp4`; `names` are those of uploaded files, by URL."""
    if job.kind == Kind.TASK:
        url = str(job.request.get("source_url") or "")
        source = names.get(url) or plain(file_name(url), MAX_TITLE)
        return f"{kind_of(job)} of {source}" if source else kind_of(job)
    return _film(job.request)


def _film(request: Mapping[str, Any]) -> str:
    count = len(request.get("elements") or [])
    elements = f"{count} element{'' if count == 1 else 's'}"
    return f"{request.get('width') or 1280} × {request.get('height') or 720}, {elements}"


def kind_of(job: Job) -> str:
    """`Render`, or the name of the task."""
    return TASK_NAMES.get(job.task_type, "Task") if job.kind == Kind.TASK else "Render"


def icon_of(job: Job) -> str:
    """A symbol of static/console/icons.svg."""
    return TASK_ICONS.get(job.task_type, "spark") if job.kind == Kind.TASK else "film"
