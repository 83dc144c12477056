"""Reads of webhooks and of their log. Those for clients demand the workspace."""

from django.db.models import Q, QuerySet

from apps.webhooks.models import Attempt, Endpoint
from apps.workspaces.models import Workspace
from framelane.lib import ids


def endpoints_of(workspace: Workspace) -> QuerySet[Endpoint]:
    return Endpoint.objects.filter(workspace=workspace)


def find_endpoint(workspace: Workspace, endpoint_id: str) -> Endpoint | None:
    """None for what does not exist and for what belongs to somebody else alike."""
    return endpoints_of(workspace).filter(id=endpoint_id).first() if ids.is_id(endpoint_id, "wh") else None


def log_of(endpoint: Endpoint, *, status: str | None = None) -> QuerySet[Attempt]:
    """Every attempt at every delivery to the endpoint."""
    attempts = Attempt.objects.filter(endpoint=endpoint).select_related("message")
    return attempts if status is None else attempts.filter(status=status)


def find_attempt(endpoint: Endpoint, delivery_id: str) -> Attempt | None:
    """The first attempt that is kept of the delivery of that id, or of which one attempt has that id."""
    if not ids.is_id(delivery_id, "dlv"):
        return None
    return log_of(endpoint).filter(Q(delivery_id=delivery_id) | Q(id=delivery_id)).order_by("number").first()


def attempts_of(endpoint: Endpoint, delivery_id: str) -> QuerySet[Attempt]:
    """Every attempt at one delivery, the first one first."""
    return log_of(endpoint).filter(delivery_id=delivery_id).order_by("number")


def deliveries_of_job(workspace: Workspace, job_id: str, limit: int = 20) -> list[Attempt]:
    """The latest attempts at telling of a job, the newest first: to endpoints, and to the job's own URL."""
    attempts = Attempt.objects.filter(workspace=workspace, job_id=job_id).select_related("message", "endpoint")
    return list(attempts.defer("message__body", "response_body").order_by("-created_at", "-id")[:limit])
