"""What follows from a call: the next try, the end of the delivery, or the end of the endpoint."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from apps.tallies.services import Count, count
from apps.webhooks import schedule
from apps.webhooks.disabling import disable, has_failed_for_too_long
from apps.webhooks.models import Attempt, DisabledReason, Endpoint, Status
from apps.webhooks.targets import Target

GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended. `is_final` says that trying again makes no sense."""

    succeeded: bool = False
    error: str = ""
    status_code: int | None = None
    response_body: str | None = None
    attempted_at: datetime | None = None
    is_final: bool = False

    @classmethod
    def failed(cls, error: str, attempted_at: datetime) -> Self:
        """No answer came."""
        return cls(error=error, attempted_at=attempted_at)

    @classmethod
    def not_sent(cls, error: str) -> Self:
        """Nothing was sent, for a reason that the receiver has no part in."""
        return cls(error=error, attempted_at=None)

    @classmethod
    def given_up(cls, error: str) -> Self:
        """Nothing was sent, and nothing will be."""
        return cls(error=error, attempted_at=None, is_final=True)

    @classmethod
    def of_answer(cls, status_code: int, body: bytes, attempted_at: datetime) -> Self:
        # A database takes any text but this character.
        text = body.decode("utf-8", "replace").replace("\0", "\ufffd")
        error = _complaint(status_code)
        return cls(not error, error, status_code, text, attempted_at, is_final=status_code == GONE)

    @property
    def summary(self) -> str:
        return self.error or f"answered {self.status_code}"


def _complaint(status_code: int) -> str:
    if 200 <= status_code < 300:
        return ""
    if 300 <= status_code < 400:
        return f"The receiver answered {status_code}; redirects are not followed."
    if status_code == GONE:
        return "The receiver answered 410: it is gone for good."
    return f"The receiver answered {status_code}; any status from 200 to 299 is a success."


@transaction.atomic
def settle(attempt: Attempt, outcome: Outcome) -> bool:
    """Write down the outcome and what follows from it. False, and nothing changes, when the claim was lost."""
    try:
        endpoint = Target(attempt.workspace_id, attempt.endpoint_id).lock()
    except Endpoint.DoesNotExist:
        return False
    is_last = outcome.is_final or attempt.number >= attempt.max_attempts
    retry_at = None if outcome.succeeded or is_last else schedule.retry_at(attempt.number)
    held = Attempt.objects.filter(id=attempt.id, status=Status.PENDING, claims=attempt.claims)
    if not held.update(**_columns(outcome, retry_at)):
        return False
    count(Count("webhook_attempts", (_status(outcome, retry_at).value,)))
    if retry_at is not None:
        _plan_retry(attempt, retry_at)
    if endpoint is not None and outcome.attempted_at is not None:
        _note(endpoint, outcome, outcome.attempted_at)
    return True


def _status(outcome: Outcome, retry_at: datetime | None) -> Status:
    return Status.SUCCEEDED if outcome.succeeded else Status.FAILED if retry_at else Status.DEAD


def _columns(outcome: Outcome, retry_at: datetime | None) -> dict[str, object]:
    return {
        "status": _status(outcome, retry_at),
        "lease_until": None,
        "attempted_at": outcome.attempted_at,
        "next_retry_at": retry_at,
        "status_code": outcome.status_code,
        "response_body": outcome.response_body,
        "error": outcome.error,
    }


def _plan_retry(attempt: Attempt, due_at: datetime) -> None:
    Attempt.objects.create(
        delivery_id=attempt.delivery_id,
        workspace_id=attempt.workspace_id,
        endpoint_id=attempt.endpoint_id,
        url=attempt.url,
        message_id=attempt.message_id,
        job_id=attempt.job_id,
        by_hand=attempt.by_hand,
        number=attempt.number + 1,
        max_attempts=attempt.max_attempts,
        due_at=due_at,
    )


def _note(endpoint: Endpoint, outcome: Outcome, at: datetime) -> None:
    """Remember how the endpoint does, and switch it off when it is gone or has failed for days."""
    own = Endpoint.objects.filter(id=endpoint.id)
    if outcome.succeeded:
        own.update(last_delivery_at=at, failing_since=None, failures=0)
        return
    own.update(last_delivery_at=at, failing_since=Coalesce(F("failing_since"), at), failures=F("failures") + 1)
    endpoint.refresh_from_db()
    if outcome.status_code == GONE:
        disable(endpoint, DisabledReason.GONE)
    elif has_failed_for_too_long(endpoint):
        disable(endpoint, DisabledReason.FAILING)
