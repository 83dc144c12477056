"""Where deliveries queue up: one line for each endpoint, and one for all URLs of jobs of a workspace.

Lines are independent of each other: a receiver that is slow or dead holds up its own line only.
"""

from dataclasses import dataclass
from typing import Self

from django.db.models import QuerySet

from apps.events.hints import hint
from apps.webhooks.models import Attempt, Endpoint, Secret, Status

QUEUE = "webhooks"
DELIVER = "apps.webhooks.tasks.deliver"
HINT_EXPIRES_S = 60


@dataclass(frozen=True, slots=True)
class Target:
    """A line. `endpoint_id` is None for that of the workspace's jobs."""

    workspace_id: str
    endpoint_id: str | None

    @classmethod
    def of(cls, endpoint: Endpoint) -> Self:
        return cls(endpoint.workspace_id, endpoint.id)

    def attempts(self) -> QuerySet[Attempt]:
        return Attempt.objects.filter(workspace_id=self.workspace_id, endpoint_id=self.endpoint_id)

    def pending(self) -> QuerySet[Attempt]:
        return self.attempts().filter(status=Status.PENDING)

    def lock(self) -> Endpoint | None:
        """Make everybody else wait who locks the same line, until the transaction ends; the endpoint, if it has one.

        New attempts can still be added meanwhile. Raises Endpoint.DoesNotExist when it was deleted.
        """
        if self.endpoint_id is not None:
            return Endpoint.objects.select_for_update(no_key=True).get(id=self.endpoint_id)
        own = Secret.objects.filter(workspace_id=self.workspace_id, endpoint=None, valid_until=None)
        own.select_for_update(no_key=True).first()
        return None


def hint_target(target: Target) -> None:
    """Tell the senders that the line may hold something that is due."""
    hint(DELIVER, target.workspace_id, target.endpoint_id, queue=QUEUE, expires_s=HINT_EXPIRES_S)
