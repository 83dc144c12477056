"""Minutes that the staff gives a workspace for a month, on top of its plan."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from apps.billing.models import Grant
from apps.billing.periods import month_of
from apps.billing.selectors import granted_in, included_s
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.lib import clock

MAX_MINUTES: Final = 100_000
MAX_REASON: Final = 500


class GrantRefused(Exception):
    """The minutes cannot be granted. The text says why."""


def months_to_grant() -> tuple[date, date]:
    """The first days of this month and of the next: what is over is charged, what is far away is forgotten."""
    this = month_of(clock.now())
    return this.start.date(), month_of(this.end + timedelta(days=1)).start.date()


@transaction.atomic
def grant_minutes(
    *, workspace: Workspace, minutes: int, reason: str, granted_by: User | None, month: date | None = None
) -> Grant:
    """Give whole minutes for a month, this one unless named; negative ones take back what was given.

    -100,000 to 100,000 and not 0. They count at once: against refusals, in the mails about what is left, and against
    overage that was not reported yet. Raises GrantRefused.
    """
    month = month or months_to_grant()[0]
    _check(minutes, reason, month)
    # Two people must not take the same minutes back.
    locked = lock_workspace(workspace_id=workspace.id)
    if included_s(locked.plan) is None:
        raise GrantRefused(f"The {locked.plan} plan has no limit, so there is nothing to grant.")
    given = granted_in(workspace_id=locked.id, month=month) / 60
    if given + minutes < 0:
        raise GrantRefused(f"{-minutes} minutes would be taken back, but only {given:.0f} were granted for that month.")
    return Grant.objects.create(
        workspace=locked, month=month, minutes=Decimal(minutes), reason=reason.strip(), granted_by=granted_by
    )


def _check(minutes: int, reason: str, month: date) -> None:
    if minutes == 0 or abs(minutes) > MAX_MINUTES:
        raise GrantRefused(f"{minutes} minutes; accepted is -{MAX_MINUTES} to {MAX_MINUTES}, but not 0.")
    if not 0 < len(reason.strip()) <= MAX_REASON:
        raise GrantRefused(f"A reason of 1 to {MAX_REASON} characters is wanted, not one of {len(reason.strip())}.")
    if month not in months_to_grant():
        accepted = " or ".join(f"{one:%Y-%m}" for one in months_to_grant())
        raise GrantRefused(f"Minutes are granted for {accepted}, not for {month:%Y-%m-%d}.")
