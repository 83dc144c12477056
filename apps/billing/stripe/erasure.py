"""What erasing a workspace does at Stripe. Can be imported, and called, where payment is not configured."""

import logging

from apps.billing.stripe.configuration import is_configured
from apps.billing.stripe.models import BillingAccount
from apps.workspaces.models import Workspace

log = logging.getLogger(__name__)


def forget_customer(workspace: Workspace) -> bool:
    """End the workspace's subscription and delete its customer at Stripe; True when there was one.

    What was used until now is invoiced as the subscription ends. May be called again after a failure. Raises
    stripe.StripeError, or Contended when its events come in at this very moment. Does nothing where the workspace
    never paid, and only warns where it did and Stripe is not configured any more.
    """
    account = BillingAccount.objects.filter(workspace=workspace).first()
    if account is None or not account.customer_id:
        return False
    if not is_configured():
        log.warning("customer %s of %s stays at Stripe, which is not configured", account.customer_id, workspace.id)
        return False
    from apps.billing.stripe import accounts

    accounts.forget(account.customer_id)
    return True
