"""Payment through Stripe: Checkout, the customer portal, its webhooks and metered overage.

Nothing here imports `stripe` or `djstripe` before it is configured and used.
"""
