"""A render as the playground draws it."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from apps.console.doing import doing
from apps.console.playground.pretty import pretty
from apps.console.playground.requests import as_written
from apps.jobs import downloads
from apps.jobs.models import ACTIVE, Job, Kind, Status
from apps.jobs.selectors import jobs_of
from apps.previews.selectors import PreviewLinks, preview_of

MAX_COUNTED = 20
_ENDS: Final[dict[str, str]] = {
    Status.COMPLETED: "Done",
    Status.FAILED: "That did not work",
    Status.CANCELLED: "Cancelled",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A render with what its fragment needs."""

    job: Job
    state: str
    ahead: int
    url: str
    download_url: str
    preview: PreviewLinks | None

    @property
    def is_over(self) -> bool:
        return self.job.is_terminal

    @property
    def kind(self) -> str:
        """`video` or `image`, by what the file is."""
        return "image" if self.job.output_key.endswith((".png", ".jpg", ".gif")) else "video"

    @property
    def plays(self) -> bool:
        """ProRes in a .mov plays in no browser but Safari."""
        return not self.job.output_key.endswith(".mov")

    @property
    def render_s(self) -> float | None:
        """Seconds from the first worker's start to the end."""
        if self.job.started_at is None or self.job.completed_at is None:
            return None
        return max(0.0, (self.job.completed_at - self.job.started_at).total_seconds())

    @property
    def ahead_text(self) -> str:
        if not self.ahead:
            return "Next in line."
        count = f"{MAX_COUNTED} or more" if self.ahead >= MAX_COUNTED else str(self.ahead)
        return f"{count} of your renders {'is' if self.ahead == 1 else 'are'} before it."

    @property
    def curl(self) -> str:
        """The request as a command for a shell, whose key stands in a variable."""
        address = f"{settings.FRAMELANE_PUBLIC_URL.rstrip('/')}/v1/renders"
        return (
            f'curl "{address}" \\\n'
            '  -H "Authorization: Bearer $FRAMELANE_KEY" \\\n'
            '  -H "Content-Type: application/json" \\\n'
            f"  --data-binary @- <<'REQUEST'\n{pretty(as_written(self.job.request))}REQUEST\n"
        )


def shown(job: Job) -> Shown:
    """At most two queries."""
    is_kept = downloads.is_kept(job)
    return Shown(
        job=job,
        state=_ENDS[job.status] if job.is_terminal else doing(job),
        ahead=_ahead(job) if job.status == Status.QUEUED else 0,
        url=downloads.output_url(job) or "",
        download_url=downloads.download_url(job) if is_kept else "",
        preview=preview_of(job.workspace, job.id) if is_kept else None,
    )


def _ahead(job: Job) -> int:
    """The workspace's renders that came before and have not ended, up to MAX_COUNTED."""
    earlier = [
        jobs_of(job.workspace, Kind.RENDER, status=status).filter(created_at__lt=job.created_at) for status in ACTIVE
    ]
    found = earlier[0].order_by().values("id").union(*(jobs.order_by().values("id") for jobs in earlier[1:]), all=True)
    return len(found[:MAX_COUNTED])
