"""The connection to Stripe. Import this module only where payment is configured: it loads their library."""

from functools import cache

import stripe
from django.conf import settings

TIMEOUT_S = 10
MAX_RETRIES = 2


def client() -> stripe.StripeClient:
    """The client of this installation's account."""
    return _client(settings.FRAMELANE_STRIPE_SECRET_KEY, settings.FRAMELANE_STRIPE_API_BASE)


@cache
def _client(api_key: str, api_base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        api_key,
        base_addresses={"api": api_base},
        max_network_retries=MAX_RETRIES,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
    )


def is_missing(error: stripe.StripeError) -> bool:
    """Whether Stripe says that what was asked for does not exist (any more)."""
    return isinstance(error, stripe.InvalidRequestError) and error.code == "resource_missing"


def is_passing(error: stripe.StripeError) -> bool:
    """Whether the same request may well succeed a little later."""
    status = error.http_status
    return status is None or status in (409, 429) or status >= 500
