"""A job by its id, whichever of the two kinds it is."""

from apps.console.pages import Refused
from apps.console.visitor import Page
from apps.jobs.listing import find_jobs
from apps.jobs.models import Job


def job_of(request: Page, job_id: str) -> Job:
    """A job of the visitor's workspace. Raises Refused."""
    found = find_jobs(request.visitor.workspace, [job_id])
    if not found:
        raise Refused(404, "There is no such job in this workspace.")
    return found[0]
