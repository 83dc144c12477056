"""A stand-in for Stripe: a real HTTP server on loopback with as much of its API as its library and dj-stripe use.

`books` is the account: what a person does on Stripe's pages, and what time does to subscriptions, are methods there.
"""

from tests.stripe_server.books import Books
from tests.stripe_server.delivery import deliver
from tests.stripe_server.objects import OVERAGE, PRO, WEBHOOK_SECRET
from tests.stripe_server.server import KEY, StripeServer

__all__ = ["KEY", "OVERAGE", "PRO", "WEBHOOK_SECRET", "Books", "StripeServer", "deliver"]
