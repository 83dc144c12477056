"""Plans that are agreed on with people instead of being bought."""

from django.db import transaction

from apps.billing.stripe.selectors import current_subscription
from apps.workspaces.models import Workspace
from apps.workspaces.services import assign_plan, lock_workspace


class PlanRefused(Exception):
    """The plan cannot be given. The text says why."""


@transaction.atomic
def agree_on_plan(*, workspace: Workspace, plan: str) -> Workspace:
    """Give a workspace a plan that no subscription pays for. It counts at once.

    Raises PlanRefused while a subscription is going on: the next notice from Stripe would undo the change, or the
    customer would go on paying for another plan. Raises ValueError for a plan that does not exist.
    """
    locked = lock_workspace(workspace_id=workspace.id)
    subscription = current_subscription(locked.id)
    if subscription is not None and subscription.is_live:
        raise PlanRefused(f"subscription {subscription.id} is {subscription.status}; end it in Stripe first.")
    if locked.erasure_requested_at is not None:
        raise PlanRefused("it is being erased.")
    return assign_plan(workspace=locked, plan=plan)
