"""What the API and the pages say about plans and subscriptions."""

from decimal import Decimal

from apps.billing.periods import month_of
from apps.billing.plans import overage_usd_per_minute, plan_facts
from apps.billing.schemas import PlanOut, SubscriptionOut
from apps.billing.stripe.selectors import current_subscription, overage_so_far
from apps.workspaces.models import Workspace
from apps.workspaces.schemas import PlanName, PlanStatus
from framelane.lib import clock


def plan_out(name: str) -> PlanOut:
    """A plan of the catalogue. Raises KeyError for one that does not exist."""
    absent = {"overage_usd_per_minute": None, "over_cap": None, "dedicated": False}
    return PlanOut.model_validate({"id": name, **absent, **plan_facts()[name]})


def subscription_out(workspace: Workspace) -> SubscriptionOut:
    """What a workspace pays for, and the overage of this month, as far as it is known here."""
    found = current_subscription(workspace.id)
    live = found if found is not None and found.is_live else None
    month, minutes = month_of(clock.now()), overage_so_far(workspace, live)
    price = overage_usd_per_minute(workspace.plan) or Decimal(0)
    return SubscriptionOut(
        plan=PlanName(workspace.plan),
        status=PlanStatus(workspace.plan_status),
        current_period_start=live.current_period_start if live else month.start,
        current_period_end=live.current_period_end if live else month.end,
        cancel_at_period_end=live.cancel_at_period_end if live else False,
        past_due_since=workspace.past_due_since,
        overage_minutes=minutes,
        overage_usd=float(minutes * price),
    )
